/** A computation that can be interrupted at every yield. */
export type Steps<Value> = Generator<undefined, Value, undefined>;

/** The time after which a computation pauses for keyboard input, in milliseconds. */
const sliceMs = 8;

/**
 * Runs a computation in slices of a few milliseconds, between which keyboard input is handled.
 *
 * @throws the reason of `signal` once it is aborted, and anything that the computation throws
 */
export async function inSlices<Value>(steps: Steps<Value>, signal: AbortSignal): Promise<Value> {
	for (;;) {
		const startedAt = performance.now();
		do {
			const step = steps.next();
			if (step.done === true) {
				return step.value;
			}
		} while (performance.now() - startedAt < sliceMs);

		await new Promise(setImmediate);
		signal.throwIfAborted();
	}
}

/** Runs a computation without interruption, and returns its result. */
export function atOnce<Value>(steps: Steps<Value>): Value {
	for (;;) {
		const step = steps.next();
		if (step.done === true) {
			return step.value;
		}
	}
}

/** Caches results by their inputs, which are compared by identity. */
export class Memo<Value> {
	readonly #known: {readonly inputs: readonly unknown[]; readonly value: Value}[] = [];

	/** Returns the cached result for these inputs, or otherwise computes it. */
	*recall(inputs: readonly unknown[], compute: () => Steps<Value>): Steps<Value> {
		const known = this.#known.find(other => other.inputs.every((input, index) => Object.is(input, inputs[index])));
		if (known !== undefined) {
			return known.value;
		}

		const value = yield* compute();
		this.#known.push({inputs, value});
		return value;
	}
}
