import type {RequestPoints} from '../api/metrics-response.ts';
import type {Points} from '../api/points.ts';
import {addPoints} from './series.ts';

export const statusClasses = ['2xx', '4xx', '5xx'] as const;
export type StatusClass = (typeof statusClasses)[number];

/** The shares of the window's requests by class (fractions 0–1); undefined if there were no requests. */
export type StatusShares = Readonly<Record<StatusClass, number>> | undefined;

type Rates = Readonly<Record<`status_${StatusClass}`, number | undefined>>;

/** Returns the shares of each class in rates or sums; undefined if one of them is unknown or all are zero. */
export function sharesOf({status_2xx: ok, status_4xx: client, status_5xx: server}: Rates): StatusShares {
	if (ok === undefined || client === undefined || server === undefined) {
		return undefined;
	}

	const all = ok + client + server;
	return all > 0 ? {'2xx': ok / all, '4xx': client / all, '5xx': server / all} : undefined;
}

/**
 * Returns the shares over the whole series. Its points are rates over equal steps, so the sum of a class's rates
 * divided by the sum of all is its share of requests. Times at which any class is unknown are skipped.
 */
export function statusShares({
	status_2xx: ok,
	status_4xx: client,
	status_5xx: server,
}: RequestPoints['status']): StatusShares {
	const sums = {status_2xx: 0, status_4xx: 0, status_5xx: 0};
	for (const [index, a] of ok.values.entries()) {
		const b = client.values[index] ?? Number.NaN;
		const c = server.values[index] ?? Number.NaN;
		if (!Number.isNaN(a + b + c)) {
			sums.status_2xx += a;
			sums.status_4xx += b;
			sums.status_5xx += c;
		}
	}

	return sharesOf(sums);
}

/** The rate of failed requests over time, 4xx and 5xx together, per second. */
export function errorRate(status: RequestPoints['status']): Points {
	return addPoints([status.status_4xx, status.status_5xx]);
}
