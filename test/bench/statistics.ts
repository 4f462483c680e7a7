/** Returns the median of the values; NaN if there are none. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
	const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
	return (lower + upper) / 2;
}

/**
 * Returns a quantile by the nearest-rank method, for a fraction such as 0.95. The result is one of the values, or NaN
 * if there are none.
 */
export function quantile(values: readonly number[], part: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.max(Math.ceil(sorted.length * part) - 1, 0)] ?? Number.NaN;
}

/** A straight line through points: the value at 0, and the slope. */
export type Fit = {readonly base: number; readonly slope: number};

/** Returns the least-squares line. Without two different x values, its slope is 0. */
export function fitLine(points: ReadonlyArray<readonly [x: number, y: number]>): Fit {
	const meanOf = (index: 0 | 1): number => points.reduce((sum, point) => sum + point[index], 0) / points.length;
	const meanX = meanOf(0);
	const meanY = meanOf(1);
	const across = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
	const along = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
	const slope = along === 0 ? 0 : across / along;
	return {base: meanY - slope * meanX, slope};
}
