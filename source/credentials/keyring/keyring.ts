/** What an entry of the system's keyring is found by: the program that stored it, and a name of its own. */
export type KeyringEntry = {readonly service: string; readonly account: string};

/** What the keyring says. `because` and `mend` are clauses: "which is locked", "unlock it". */
export type KeyringAnswer =
	| {readonly kind: 'found'; readonly text: string}
	| {readonly kind: 'missing'}
	| {readonly kind: 'refused'; readonly because: string; readonly mend?: string};

/**
 * Reads an entry. It may ask the user for a password, in a window of its own, and gives up after a while.
 *
 * @throws the reason of `signal` when it was aborted
 */
export type Keyring = (entry: KeyringEntry, signal: AbortSignal) => Promise<KeyringAnswer>;
