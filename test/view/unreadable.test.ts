import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {MetricsResponse} from '../../source/api/metrics-response.ts';
import {readSamplerResponse} from '../../source/api/sampler-response.ts';
import {htmlPage} from '../../source/output/export/html.ts';
import {openingLines} from '../../source/output/plain/opening.ts';
import {summarizeStatus} from '../../source/output/plain/status-summary.ts';
import {textSnapshot} from '../../source/output/text.ts';
import type {Action} from '../../source/state/actions.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {deploymentAction, emptyState} from '../helpers/old-samples.ts';
import {responseOf} from '../helpers/responses.ts';
import {sampleSamplerBody, sampleSamplerId} from '../helpers/sample-sampler.ts';
import {sampleMetrics, sampleNow, sampleState} from '../helpers/sample-state.ts';
import {screenText} from '../helpers/screen-text.ts';

const hourMs = 3_600_000;
const range = {startMs: sampleNow - hourMs, endMs: sampleNow, whole: true};
const sample = {nodes: 1, gpus: 2};

/** Returns a copy in which every value of these keys, and of the lists in them, is replaced, at any depth. */
function withOdd(value: unknown, keys: ReadonlySet<string>, odd: unknown, isInside = false): unknown {
	if (Array.isArray(value)) {
		return value.map((item: unknown) => withOdd(item, keys, odd, isInside));
	}

	if (value !== null && typeof value === 'object') {
		const entries = Object.entries(value).map(([key, item]) => [key, withOdd(item, keys, odd, keys.has(key))] as const);
		return Object.fromEntries(entries);
	}

	return isInside ? odd : value;
}

const measures = new Set(['value', 'p50', 'p95', 'p99', 'status_2xx', 'status_4xx', 'status_5xx']);

/**
 * Returns a state after a response from the trainer in which all values of these keys are the same unexpected value.
 */
function trainerWith(odd: unknown, keys: ReadonlySet<string> = measures): State {
	const metrics = withOdd(sampleMetrics(sample), keys, odd);
	assert.ok(metrics !== null && typeof metrics === 'object');
	const common = {kind: 'live', window: '1h', response: responseOf(metrics), range} as const;
	const received: Action = {type: 'metricsReceived', ...common, atMs: sampleNow, tookMs: 5};
	return [received, deploymentAction(1)].reduce(reduce, emptyState());
}

function samplerReceived(response: MetricsResponse): Action {
	const update = {kind: 'live', window: '1h', response, range} as const;
	const about = {kind: 'sampler', sampler: sampleSamplerId, metrics: 'all', tookMs: 5} as const;
	return {type: 'sideRequestSucceeded', response: {...about, update}, atMs: sampleNow};
}

/**
 * Returns a state that shows the sampler, after a response in which all values of this key are the same unexpected
 * value.
 */
function samplerWith(odd: unknown, key = 'values'): State {
	const read = readSamplerResponse(withOdd(sampleSamplerBody(range.startMs, range.endMs), new Set([key]), odd));
	assert.ok('response' in read);
	return sampleState({...sample, sampler: 'unasked'}, {type: 'toggleComponent'}, samplerReceived(read.response));
}

/** Returns the text on the screen with single spaces, without frames. */
function words(state: State, columns = 160, rows = 45): string {
	return screenText(state, {columns, rows})
		.join(' ')
		.replaceAll(/[│╭╮╰╯─\s]+/g, ' ');
}

/** Matches claims that nothing happened, which unreadable values can't support. */
const claims = /\bno (requests|latencies|GPU metrics|node metrics|samples)\b/;

const unreadable: ReadonlyArray<readonly [what: string, state: () => State]> = [
	['text as values of the sampler', () => samplerWith('NaN')],
	['negative values of the sampler', () => samplerWith(-1)],
	['steps of the sampler without a readable time', () => samplerWith('soon', 'start_epoch_millis')],
	['steps of the sampler from the future', () => samplerWith(sampleNow + 2 * hourMs, 'start_epoch_millis')],
	['text as values of the trainer', () => trainerWith('NaN')],
	['negative values of the trainer', () => trainerWith(-1)],
	['points of the trainer without a readable time', () => trainerWith('soon', new Set(['timestamp']))],
	[
		'points of the trainer from the future',
		() => trainerWith(new Date(sampleNow + 2 * hourMs).toISOString(), new Set(['timestamp'])),
	],
];

for (const [what, stateOf] of unreadable) {
	test(`${what}: the panes say that the data is unreadable, and don't say that there is none`, () => {
		const state = stateOf();
		for (const [columns, rows] of [
			[160, 45],
			[100, 30],
			[80, 24],
		] as const) {
			const shown = words(state, columns, rows);
			assert.match(shown, /no readable/, `${columns}×${rows}: ${shown}`);
			assert.doesNotMatch(shown, claims, `${columns}×${rows}: ${shown}`);
		}

		const narrow = words(state, 40, 45);
		assert.match(narrow, / requests – no readable data /);
		// The line above the keys isn't cut.
		assert.match(narrow, / · (\d+ invalid points left out|\S+ is unreadable) /);
		assert.match(words(state, 30, 10), / · (\d+ (invalid )?points left out|\S+ is unreadable)/);
		for (const shown of [narrow, words(state, 30, 10)]) {
			assert.doesNotMatch(shown, claims);
			assert.doesNotMatch(shown, /no readable s(a(m(p(le?)?)?)?)?\b/);
			assert.doesNotMatch(shown, /left out …|RUNNING · no data|● no data/);
		}

		const text = textSnapshot(state, 'utc');
		assert.match(text, /no readable samples/);
		assert.doesNotMatch(text, claims);
		const opening = openingLines(state, summarizeStatus(state), 'utc').join('\n');
		assert.doesNotMatch(opening, claims);
		assert.match(opening, /points .*left out/i);
		if (what.includes('trainer')) {
			assert.match(opening, /^No findings, but the data is incomplete\.$/m);
			assert.match(htmlPage(state, 'utc'), />No findings, but the data is incomplete\.</);
		}
	});
}

test('the status in the header says that the data is unreadable, not that there is none', () => {
	for (const [columns, rows] of [
		[160, 45],
		[80, 24],
		[40, 45],
	] as const) {
		assert.match(words(trainerWith('NaN'), columns, rows), /● (RUNNING · )?no readable data/);
		assert.match(words(trainerWith(null), columns, rows), /● (RUNNING · )?no data/);
	}
});

test('null values of the sampler count as absent, not as unreadable', () => {
	assert.match(words(samplerWith(null)), /no requests in the last 1h/);
});
