import type {Points} from '../../source/api/points.ts';

/** Returns a series of `[time, value]` pairs; null is an unknown value. */
export function pointsOf(...pairs: ReadonlyArray<readonly [time: number, value: number | null]>): Points {
	return {
		times: Float64Array.from(pairs, ([time]) => time),
		values: Float64Array.from(pairs, ([, value]) => value ?? Number.NaN),
	};
}

/** Returns the pairs of a series, for comparison. */
export function pairsOf({times, values}: Points): ReadonlyArray<readonly [number, number | null]> {
	return Array.from(times, (time, index) => {
		const value = values[index] ?? Number.NaN;
		return [time, Number.isNaN(value) ? null : value];
	});
}
