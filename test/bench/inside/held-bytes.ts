import process from 'node:process';

/** What of the memory is held by something: the heap and the arrays next to it, without what is garbage. Needs --expose-gc. */
export async function heldBytes(): Promise<number> {
	for (let time = 0; time < 3; time++) {
		globalThis.gc?.();
		await new Promise(setImmediate);
	}

	const {heapUsed, arrayBuffers} = process.memoryUsage();
	return heapUsed + arrayBuffers;
}
