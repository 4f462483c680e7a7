import process from 'node:process';

/** Returns the memory in use, in bytes: the heap and array buffers, without garbage. Requires --expose-gc. */
export async function heldBytes(): Promise<number> {
	for (let time = 0; time < 3; time++) {
		globalThis.gc?.();
		await new Promise(setImmediate);
	}

	const {heapUsed, arrayBuffers} = process.memoryUsage();
	return heapUsed + arrayBuffers;
}
