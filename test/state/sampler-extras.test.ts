import assert from 'node:assert/strict';
import {test} from 'node:test';
import {extraMetricNames, noExtras} from '../../source/api/sampler-extras.ts';
import {
	addExtras,
	namesToRequest,
	refuseExtras,
	type SamplerExtrasState,
	untriedExtras,
} from '../../source/state/sampler-extras.ts';

/**
 * Simulates requests to a server that supports these names, until no names are left to try. Returns the names that are
 * requested from then on, and the number of requests.
 */
function settle(known: readonly string[], message: (unknown: string) => string) {
	let state: SamplerExtrasState = untriedExtras;
	for (let requests = 1; requests < 100; requests++) {
		const names = namesToRequest(state);
		if (names.length === 0) {
			return {names, requests: requests - 1};
		}

		const unknown = names.find(name => !known.includes(name));
		if (unknown === undefined) {
			state = addExtras(state, {names, rangeName: '1h', extras: noExtras});
			if (state.pending.length === 0) {
				return {names: namesToRequest(state), requests};
			}
		} else {
			state = refuseExtras(state, names, message(unknown));
		}
	}

	return assert.fail('The set of names never becomes stable.');
}

const without = (...left: readonly number[]): readonly string[] =>
	extraMetricNames.filter((_, index) => !left.includes(index));

const cases: ReadonlyArray<readonly [what: string, known: readonly string[]]> = [
	['all', extraMetricNames],
	['all but the first', without(0)],
	['all but the last', without(9)],
	['all but three', without(1, 4, 7)],
	['one', extraMetricNames.slice(4, 5)],
	['none', []],
];

for (const [what, known] of cases) {
	test(`at most 20 requests reveal that a server supports ${what} of the metrics, even if errors name no metric`, () => {
		const named = settle(known, name => `There is no metric "${name}".`);
		const unnamed = settle(known, () => 'invalid');
		assert.deepEqual([named.names, unnamed.names], [known, known]);
		assert.ok(named.requests <= 11 && unnamed.requests <= 20, `${named.requests}, ${unnamed.requests}`);
	});
}

test('if names that were accepted earlier are rejected later, those not in the message are tried again', () => {
	const state = addExtras(untriedExtras, {names: extraMetricNames, rangeName: '1h', extras: noExtras});
	const [first = ''] = extraMetricNames;
	assert.deepEqual(namesToRequest(refuseExtras(state, extraMetricNames, first)), without(0));
});
