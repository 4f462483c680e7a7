import type {Points} from '../api/points.ts';

/** The part of the samples' variation (R²) that a line must explain for growth to be steady. */
const steadyFrom = 0.9;
const leastSamples = 10;

/**
 * How long it takes until a share (0–1) reaches 1, in milliseconds from its newest sample, when it grows steadily: by
 * ordinary least squares over all samples, with R² of 0.9 at least, and the newest among the highest. Otherwise undefined.
 */
export function timeToFullMs({times, values}: Points): number | undefined {
	const known = Array.from(times, (time, index) => [time, values[index] ?? Number.NaN] as const).filter(
		([, value]) => !Number.isNaN(value),
	);
	const newest = known.at(-1);
	if (newest === undefined || known.length < leastSamples) {
		return undefined;
	}

	const [lastMs, last] = newest;
	const meanTime = known.reduce((sum, [time]) => sum + time - lastMs, 0) / known.length;
	const mean = known.reduce((sum, [, value]) => sum + value, 0) / known.length;
	let timeSquares = 0;
	let squares = 0;
	let products = 0;
	let peak = 0;
	for (const [time, value] of known) {
		const dt = time - lastMs - meanTime;
		timeSquares += dt * dt;
		squares += (value - mean) ** 2;
		products += dt * (value - mean);
		peak = Math.max(peak, value);
	}

	const slope = products / timeSquares;
	const explained = (products * products) / (timeSquares * squares);
	const isSteady = slope > 0 && explained >= steadyFrom && last >= peak - 0.01;
	return isSteady && last < 1 ? (1 - last) / slope : undefined;
}
