import type {RequestPoints} from '../api/metrics-answer.ts';
import type {Points} from '../api/points.ts';
import {addPoints, statistics} from './series.ts';

export const statusClasses = ['2xx', '4xx', '5xx'] as const;
export type StatusClass = (typeof statusClasses)[number];

/** What part of the window's requests ended in each class (fractions 0–1); undefined when there was no request. */
export type StatusShares = Readonly<Record<StatusClass, number>> | undefined;

/**
 * The shares over the whole series. Its points are rates over equal steps, so that the sum of a class's rates by the sum
 * of all is its part of the requests.
 */
export function statusShares(status: RequestPoints['status']): StatusShares {
	const sums = {
		'2xx': statistics(status.status_2xx).sum,
		'4xx': statistics(status.status_4xx).sum,
		'5xx': statistics(status.status_5xx).sum,
	};
	const all = sums['2xx'] + sums['4xx'] + sums['5xx'];
	if (!(all > 0)) {
		return undefined;
	}

	return {'2xx': sums['2xx'] / all, '4xx': sums['4xx'] / all, '5xx': sums['5xx'] / all};
}

/** The rate of failed requests over time, 4xx and 5xx together, per second. */
export function errorRate(status: RequestPoints['status']): Points {
	return addPoints([status.status_4xx, status.status_5xx]);
}
