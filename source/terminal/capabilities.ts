/** The variables that say what the terminal is, and what stands between it and the program. */
export type TerminalEnvironment = Readonly<Record<string, string | undefined>>;

/** Whether keys come over a network: an escape sequence may then arrive in two packets. */
export function isRemote(environment: TerminalEnvironment): boolean {
	return Object.entries(environment).some(
		([name, value]) => value !== undefined && value !== '' && /^(?:SSH_(?:CONNECTION|CLIENT|TTY)|MOSH_\w+)$/.test(name),
	);
}
