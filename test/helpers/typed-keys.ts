import {createInputReader} from '../../source/terminal/input-reader.ts';
import type {KeySource, Typed} from '../../source/terminal/keyboard.ts';

/** A keyboard for tests. Its input is read in the same way as that of a terminal. */
export type TypedKeys = KeySource & {readonly write: (bytes: string) => void};

/** Creates a keyboard. An escape character at the end of a `write` counts as the escape key. */
export function createTypedKeys(): TypedKeys {
	const listeners = new Set<(typed: Typed) => void>();
	const reader = createInputReader(event => {
		if (event.kind !== 'report') {
			for (const listener of [...listeners]) {
				listener(event);
			}
		}
	}, 0);
	return {
		write(bytes) {
			reader.push(Buffer.from(bytes));
			while (reader.waitMs() !== undefined) {
				reader.expire();
			}
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
