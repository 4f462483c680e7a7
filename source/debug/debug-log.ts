import {cleanLines} from '../api/clean-text.ts';
import type {Secret} from '../api/secret.ts';
import {AppendedFile, openToAppend} from '../recording/appended-file.ts';

/** The debug log, one line per event. Writing to it never throws, and it never contains the key. */
export type DebugLog = {
	/** Adds a line: the kind of event in one word, and a description. Further lines of it are indented. */
	note(event: string, text: string): void;
	/** Redacts this key in everything that is logged from now on. Earlier keys stay redacted, too. */
	hide(secret: () => Secret): void;
	/** Returns a clause that says why writing stopped early; undefined while it works. */
	stopped(): string | undefined;
	onStopped(listener: (why: string) => void): void;
	/** Returns whether the log is closed while a write is still pending. */
	isHung(): boolean;
	close(): Promise<void>;
};

/** The longest description, in characters; longer ones are cut. Stack traces are shorter. */
const longestNote = 8000;

/**
 * Opens a debug log, which appends to the file.
 *
 * @param now the local clock in epoch milliseconds
 * @throws UserError, exit code 2, if the file can't be written
 */
export async function openDebugLog(path: string, now: () => number): Promise<DebugLog> {
	const handle = await openToAppend('debug', path);
	const file = new AppendedFile({file: path, handle});
	const known: Secret[] = [];
	let current: (() => Secret) | undefined;
	return {
		note(event, text) {
			const secret = current?.();
			if (secret !== undefined && !known.includes(secret)) {
				known.push(secret);
			}

			const line = `${new Date(now()).toISOString()} ${event} ${cleanLines(text, longestNote)}`;
			const hidden = known.reduce((shown, one) => one.hideIn(shown), line);
			file.write(`${hidden.replaceAll('\n', '\n\t')}\n`);
		},
		hide(secret) {
			current = secret;
		},
		stopped: () => file.stopped(),
		onStopped: listener => file.onStopped(listener),
		isHung: () => file.isHung(),
		close: async () => file.close(),
	};
}
