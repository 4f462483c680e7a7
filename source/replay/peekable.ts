/** Takes values one by one, and sees the next one before it is taken. */
export class PeekableIterator<Value> {
	readonly #values: AsyncGenerator<Value>;
	#next: {readonly value: Value | undefined} | undefined;

	constructor(values: AsyncGenerator<Value>) {
		this.#values = values;
	}

	/** The next value; undefined at the end. */
	async peek(): Promise<Value | undefined> {
		if (this.#next === undefined) {
			const {done, value} = await this.#values.next();
			this.#next = {value: done === true ? undefined : value};
		}

		return this.#next.value;
	}

	async take(): Promise<Value | undefined> {
		const value = await this.peek();
		if (value !== undefined) {
			this.#next = undefined;
		}

		return value;
	}

	/** Closes the source. */
	async close(): Promise<void> {
		await this.#values.return(undefined);
	}
}
