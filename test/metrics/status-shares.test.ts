import assert from 'node:assert/strict';
import {test} from 'node:test';
import {statusShares} from '../../source/metrics/status-shares.ts';
import {pointsOf} from '../helpers/points.ts';

type Rate = number | null;

function shares(...points: ReadonlyArray<readonly [ok: Rate, client: Rate, server: Rate]>) {
	return statusShares({
		status_2xx: pointsOf(...points.map(([ok], time) => [time, ok] as const)),
		status_4xx: pointsOf(...points.map(([, client], time) => [time, client] as const)),
		status_5xx: pointsOf(...points.map(([, , server], time) => [time, server] as const)),
	});
}

const cases: ReadonlyArray<
	readonly [what: string, actual: ReturnType<typeof shares>, expected: ReturnType<typeof shares>]
> = [
	['a class is its part of all requests', shares([6, 1, 1], [2, 0, 0]), {'2xx': 0.8, '4xx': 0.1, '5xx': 0.1}],
	['without requests there are no shares', shares([0, 0, 0]), undefined],
	['without points there are no shares', shares(), undefined],
	[
		'a point with an unknown class says nothing about the others',
		shares([null, 2, 2], [9, 1, 0]),
		{'2xx': 0.9, '4xx': 0.1, '5xx': 0},
	],
	['where a class is never known, no share is', shares([null, 2, 2], [null, 1, 0]), undefined],
];

for (const [what, actual, expected] of cases) {
	test(what, () => assert.deepEqual(actual, expected));
}
