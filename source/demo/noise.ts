/** A number from 0 to 1 that depends on its place alone: the same key and position always give the same one. */
export type Noise = (key: number, position: number) => number;

/** Noise that differs by its seed. The mixing is that of MurmurHash3's finalizer. */
export function createNoise(seed: number): Noise {
	return (key, position) => {
		let hash = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) ^ Math.imul(key + 1, 0xc2b2_ae35) ^ Math.floor(position);
		hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
		hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
		return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
	};
}

/** Noise that moves smoothly from one value to the next, one of them every `periodMs`. */
export function smoothNoise(noise: Noise, key: number, timeMs: number, periodMs: number): number {
	const position = timeMs / periodMs;
	const before = noise(key, position);
	const after = noise(key, position + 1);
	const part = position - Math.floor(position);
	const eased = part * part * (3 - 2 * part);
	return before + (after - before) * eased;
}
