import {cleanLines} from '../api/clean-text.ts';
import type {Secret} from '../api/secret.ts';
import {AppendedFile} from '../recording/appended-file.ts';
import {openToAppend} from '../recording/open-to-append.ts';

/** What happens, for a report of a bug: a line for each event. It never fails, and the key is never in it. */
export type DebugLog = {
	/** Adds a line: the kind of event in a word, and what it is. More lines of it are indented. */
	note(event: string, text: string): void;
	/** Whatever is noted from now on is without this key. Keys that were renewed stay hidden too. */
	hide(secret: () => Secret): void;
	/** Why it stopped before its end, in a clause; undefined while all is well. */
	stopped(): string | undefined;
	onStopped(listener: (why: string) => void): void;
	/** Whether it is closed, and a write is still under way. */
	isHung(): boolean;
	close(): Promise<void>;
};

/** Longer ones are cut: a stack is shorter, and an answer is not to be kept here. */
const longestNote = 8000;

/**
 * Begins to log to the end of a file.
 *
 * @param now the local clock in epoch milliseconds
 * @throws UserError, exit code 2, for a file that can't be written
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
