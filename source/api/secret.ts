import {inspect} from 'node:util';
import {createKeyFinder, type KeyFinder} from './key-forms.ts';

const redacted = '[redacted]';

/**
 * The API key. Printing, inspecting, joining or serializing it gives `[redacted]`: only `reveal`, which the HTTP client
 * alone calls, gives the text.
 */
export class Secret {
	readonly #text: string;
	#knownFinder: KeyFinder | undefined;

	constructor(text: string) {
		this.#text = text;
	}

	/** The key itself, for the Authorization header. */
	reveal(): string {
		return this.#text;
	}

	/** Whether both hold the same key, without revealing either. */
	equals(other: Secret): boolean {
		return this.#text === other.#text;
	}

	/** The length of the shortest text that can hold the key, in UTF-16 units; infinite for a key that isn't looked for. */
	get shortestText(): number {
		return this.#finder.shortest;
	}

	/** Whether the key is in the text, as it is or encoded: see `createKeyFinder` for the forms. */
	isIn(text: string): boolean {
		return this.#finder.isIn(text);
	}

	/** Returns the text with `[redacted]` for the key, for each word that holds it encoded, or, if it is spread over words, for all. */
	hideIn(text: string): string {
		if (!this.isIn(text)) {
			return text;
		}

		const withoutKey = text.replaceAll(new RegExp(escapeForPattern(this.#text), 'gi'), redacted);
		const words = withoutKey.split(/(\s+)/).map(word => (this.isIn(word) ? redacted : word));
		const hidden = words.join('');
		return this.isIn(hidden) ? redacted : hidden;
	}

	toString(): string {
		return redacted;
	}

	toJSON(): string {
		return redacted;
	}

	[inspect.custom](): string {
		return redacted;
	}

	get #finder(): KeyFinder {
		this.#knownFinder ??= createKeyFinder(this.#text);
		return this.#knownFinder;
	}
}

function escapeForPattern(text: string): string {
	return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
