/** Long enough for a busy machine: it costs nothing where things work. */
const timeoutMs = 45_000;

/**
 * Waits until `find` finds something, looking again whenever something happens.
 *
 * @param subscribe calls its listener when it is worth to look again; returns the end of the subscription
 * @param describe what there is instead, for the error
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
			reject(new Error(`It did not come about within ${timeoutMs / 1000} s. ${describe()}`));
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
