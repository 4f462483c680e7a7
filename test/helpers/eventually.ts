/** The timeout in milliseconds, long enough for a busy machine; it costs nothing if everything works. */
const timeoutMs = 45_000;

/**
 * Waits until `find` returns a result, and resolves with it. Calls `find` at the start and after every event, and
 * rejects if there is no result within `timeoutMs`.
 *
 * @param subscribe registers a listener for events that can lead to a result; returns a function that ends the
 * subscription
 * @param describe returns a description of the actual state, for the error message
 */
export async function eventually<Value>(
	find: () => Value | undefined,
	subscribe: (listener: () => void) => () => void,
	describe: () => string,
): Promise<Value> {
	return new Promise((resolve, reject) => {
		let unsubscribe = (): void => undefined;
		const timer = setTimeout(() => {
			unsubscribe();
			reject(new Error(`The condition wasn't met within ${timeoutMs / 1000} s. ${describe()}`));
		}, timeoutMs);
		const look = (): void => {
			const found = find();
			if (found !== undefined) {
				clearTimeout(timer);
				unsubscribe();
				resolve(found);
			}
		};
		unsubscribe = subscribe(look);
		look();
	});
}

/**
 * Waits until all callbacks of settled promises have run, including those that are added while the others run: the
 * event loop continues only after that. A loop of `await` would be slow, because the test runner tracks every promise.
 */
export async function flushPromises(): Promise<void> {
	await new Promise(setImmediate);
}

/** Waits for this many turns of the event loop, such as those between the slices in which a response is parsed. */
export async function turnEventLoop(turns: number): Promise<void> {
	for (let turn = 0; turn < turns; turn++) {
		await new Promise(setImmediate);
	}
}
