/** The timeout in milliseconds, long enough for a busy machine; it costs nothing if everything works. */
const timeoutMs = 45_000;

/**
 * Waits until `find` returns a result, calling it again after every event.
 *
 * @param subscribe calls its listener when another call is worthwhile; returns a function that ends the subscription
 * @param describe the actual state, for the error
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
 * Runs everything that is waiting for fulfilled promises, however many of them wait for each other: the event loop
 * turns only after that. A loop of `await` would be slow, because the test runner tracks every promise.
 */
export async function flushPromises(): Promise<void> {
	await new Promise(setImmediate);
}

/** Lets the event loop run, as it does between the slices in which a response is parsed. */
export async function turnEventLoop(turns: number): Promise<void> {
	for (let turn = 0; turn < turns; turn++) {
		await new Promise(setImmediate);
	}
}
