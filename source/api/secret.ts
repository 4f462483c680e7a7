import {inspect} from 'node:util';

const redacted = '[redacted]';

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
