import {inspect} from 'node:util';

const redacted = '[redacted]';

/** A shorter text is no key, and would be found in words that have nothing to do with it. */
const leastKeyLength = 8;

/**
 * The API key. Printing, inspecting, joining or serialising it gives `[redacted]`: only `reveal`, which the HTTP client
 * alone calls, gives the text.
 */
export class Secret {
	readonly #text: string;

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

	/** Whether the key is in the text, as it is or in lower case, as a URL has its host. */
	isIn(text: string): boolean {
		return (
			this.#text.length >= leastKeyLength && (text.includes(this.#text) || text.includes(this.#text.toLowerCase()))
		);
	}

	/** The text with `[redacted]` wherever the key is in it. */
	hideIn(text: string): string {
		return this.isIn(text)
			? text.replaceAll(this.#text, redacted).replaceAll(this.#text.toLowerCase(), redacted)
			: text;
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
}
