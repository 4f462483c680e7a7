import type {Points} from '../api/points.ts';

/** When something holds and when it no longer does: the two lie apart, so that a value between them changes nothing. */
export type Rule = {
	readonly begins: (value: number, timeMs: number) => boolean;
	readonly ends: (value: number, timeMs: number) => boolean;
	/** So many samples in a row decide. */
	readonly samples: number;
};

/** A stretch for which a rule holds, up to the newest sample. */
export type Spell = {
	readonly sinceMs: number;
	/** Whether it held from the first known sample on: then it may have begun before that. */
	readonly isOlder: boolean;
};

/** The spell that a series is in at its end, by its samples one after another; unknown values change nothing. */
export function currentSpell({times, values}: Points, rule: Rule): Spell | undefined {
	let holds = false;
	let isFirst = true;
	let startsFirst = false;
	let sinceMs = 0;
	let inRow = 0;
	for (let index = 0; index < times.length; index++) {
		const value = values[index] ?? Number.NaN;
		const timeMs = times[index] ?? 0;
		if (Number.isNaN(value)) {
			continue;
		}

		if ((holds ? rule.ends : rule.begins)(value, timeMs)) {
			if (inRow === 0 && !holds) {
				sinceMs = timeMs;
				startsFirst = isFirst;
			}

			inRow++;
			if (inRow >= rule.samples) {
				holds = !holds;
				inRow = 0;
			}
		} else {
			inRow = 0;
		}

		isFirst = false;
	}

	return holds ? {sinceMs, isOlder: startsFirst} : undefined;
}
