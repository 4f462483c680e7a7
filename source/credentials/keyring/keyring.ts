/** The key of an entry in the system keyring: the program that stored it, and a name. */
export type KeyringEntry = {readonly service: string; readonly account: string};

/** A response of the keyring. `reason` is a clause: "is locked"; `remedy` starts a sentence: "Unlock it". */
export type KeyringResult =
	| {readonly kind: 'found'; readonly text: string}
	| {readonly kind: 'missing'}
	| {readonly kind: 'refused'; readonly reason: string; readonly remedy?: string};

/**
 * Reads an entry. It may ask the user for a password in a window of its own, and it times out.
 *
 * @throws the reason of `signal` if it was aborted
 */
export type Keyring = (entry: KeyringEntry, signal: AbortSignal) => Promise<KeyringResult>;
