/** What of a file can't be read: at how many places, and how many bytes of it, compressed ones if it is compressed. */
export class Damage {
	#places = 0;
	#bytes = 0;

	note(bytes: number): void {
		this.#places += 1;
		this.#bytes += bytes;
	}

	/**
	 * Returns a clause such as `2 places of it, 1,204 bytes, can't be read`, or undefined if all of the file was read.
	 */
	describe(): string | undefined {
		if (this.#places === 0) {
			return undefined;
		}

		const bytes = this.#bytes.toLocaleString('en-US');
		return this.#places === 1
			? `${bytes} bytes at one place can't be read`
			: `${bytes} bytes at ${this.#places} places can't be read`;
	}
}
