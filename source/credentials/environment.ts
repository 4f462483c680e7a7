/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** All sources from which a key can be read; nothing else is read. */
export type HostEnvironment = {
	readonly environment: Environment;
	readonly homeDirectory: string;
	readonly platform: NodeJS.Platform;
	/** Returns the text of a file. Throws an error with a `code`, as node:fs does. */
	readonly readFile: (path: string) => string;
	/** Returns the mode of a file, with its permissions in the lowest bits. Can throw anything. */
	readonly fileMode: (path: string) => number;
	/** Epoch milliseconds. */
	readonly now: () => number;
	/** The names given by --profile and --remote. */
	readonly profile?: string | undefined;
	readonly remote?: string | undefined;
};

/** The variables that can contain a key. */
const keyVariables = ['BASETEN_API_KEY', 'BASETEN_TRUSS_AUTH_API_KEY'] as const;

/**
 * Returns the environment for a child process, without the variables that can contain a key, and without all others
 * whose value includes such a key. Values with fewer than eight characters aren't keys.
 */
export function withoutKeys(environment: Environment): Environment {
	const keys = keyVariables.flatMap(name => readVariable(environment, name) ?? []).filter(key => key.length >= 8);
	const isFree = ([name, value = '']: readonly [string, string | undefined]): boolean =>
		!keyVariables.some(variable => variable === name) && !keys.some(key => value.includes(key));
	return Object.fromEntries(Object.entries(environment).filter(isFree));
}

/** Returns an environment variable without surrounding space, or undefined if it is missing or empty. */
export function readVariable(environment: Environment, name: string): string | undefined {
	const value = environment[name]?.trim() ?? '';
	return value === '' ? undefined : value;
}
