import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readDeployment} from '../../source/api/deployment.ts';
import type {Checkpoint} from '../../source/api/run.ts';
import {atOnce} from '../../source/api/slices.ts';
import {evaluate, evaluateRange} from '../../source/metrics/evaluate.ts';
import {type Findings, noFindings} from '../../source/metrics/findings.ts';
import {emptyHistory} from '../../source/metrics/history.ts';
import {addMetrics} from '../../source/metrics/merge-history.ts';
import {clockSlackMs} from '../../source/metrics/rules/rule.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {gaugesOf} from '../../source/output/gauges.ts';
import {jsonSnapshot} from '../../source/output/json.ts';
import {summarizeStatus} from '../../source/output/plain/status-summary.ts';
import {textSnapshot} from '../../source/output/text.ts';
import {datedSentence} from '../../source/text/finding-sentence.ts';
import {fixedThresholds} from '../helpers/fixed-thresholds.ts';
import {responseOf, servedPoints} from '../helpers/responses.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';
import {screenText} from '../helpers/screen-text.ts';

const minute = 60_000;
const hourMs = 60 * minute;
const nowMs = Date.UTC(2026, 10, 23, 9);
const limitMs = 60 * minute;
const slack = clockSlackMs / minute;

type Known = {
	readonly ages?: readonly number[];
	readonly limit?: number | undefined;
	readonly status?: string;
	readonly runStatus?: string;
	readonly runAge?: number | undefined;
	readonly receivedAgo?: number;
	readonly runId?: string;
	readonly at?: number;
	readonly unreadable?: number;
};

/** Returns the context of an evaluation `at` minutes from now, with checkpoints and a run of these ages, in minutes. */
function context(known: Known) {
	const {ages = [], status = 'RUNNING', runStatus = 'ACTIVE', receivedAgo = 1, runId = 'r', at = 0} = known;
	const {unreadable = 0} = known;
	const atMs = nowMs + at * minute;
	const runAge = 'runAge' in known ? known.runAge : 600;
	const list = ages.map((age): Checkpoint => {
		const createdAtMs = atMs - age * minute;
		return {name: 'step-1', createdAtMs, bytes: 1, syncStatus: undefined, target: undefined, type: undefined};
	});
	return {
		deployment: readDeployment({
			deployment: {id: 'd', status: {name: status}, active_run_id: 'r', created_at: '2026-11-01T00:00:00Z'},
		}),
		run: {
			run: {
				id: 'r',
				sessionId: undefined,
				deploymentId: 'd',
				name: undefined,
				createdAtMs: runAge === undefined ? undefined : atMs - runAge * minute,
				status: runStatus,
			},
			atMs,
		},
		checkpoints: {runId, list, unreadable, atMs: atMs - receivedAgo * minute},
		isResponding: true,
		hasUnreadable: false,
		nowMs: atMs,
		thresholds: {...fixedThresholds, checkpointAgeMs: 'limit' in known ? known.limit : limitMs},
	};
}

function found(known: Known, before: Findings = noFindings): Findings {
	return evaluate(before, emptyHistory(defaultWindow), context(known));
}

function statesOf({current, resolved}: Findings): readonly string[] {
	return [...current, ...resolved].filter(({rule}) => rule === 'checkpoint-age').map(({state}) => state);
}

const cases: ReadonlyArray<readonly [what: string, known: Known, states: readonly string[]]> = [
	['an old checkpoint, without a threshold', {ages: [900], limit: undefined}, []],
	['a new checkpoint', {ages: [59, 900]}, []],
	['a checkpoint exactly as old as the threshold', {ages: [60]}, []],
	['an old checkpoint', {ages: [61, 900]}, ['active']],
	['an old run without a checkpoint', {}, ['active']],
	['a new run without a checkpoint', {runAge: 10}, []],
	['a run of unknown age without a checkpoint', {runAge: undefined}, []],
	['a checkpoint from a clock that is slightly fast', {ages: [-slack]}, []],
	['a checkpoint from a clock that is too fast, and an old one', {ages: [-slack - 1, 900]}, ['active']],
	['only a checkpoint from the future, whose time means nothing', {ages: [-600]}, []],
	['a checkpoint from the future, and an old one', {ages: [-600, 900]}, ['active']],
	['a checkpoint from the future, and a new one', {ages: [-600, 30]}, []],
	['a checkpoint from a clock that is slightly fast, and an old one', {ages: [-slack, 900]}, []],
	['a checkpoint of another run', {ages: [900], runId: 'other'}, []],
	["a deployment that isn't running", {ages: [900], status: 'SCALED_TO_ZERO'}, []],
	['a run that has ended', {ages: [900], runStatus: 'INACTIVE'}, []],
	['a response that was received six minutes ago', {ages: [900], receivedAgo: 6}, ['unknown']],
	['a response that was received four minutes ago', {ages: [900], receivedAgo: 4}, ['active']],
	['an old checkpoint, and an unreadable one, which can be newer', {ages: [900], unreadable: 1}, []],
	['an old run with only an unreadable checkpoint', {unreadable: 1}, []],
];

for (const [what, known, states] of cases) {
	test(`with ${what}, the checkpoint-age finding is ${states.join() || 'absent'}`, () => {
		assert.deepEqual(statesOf(found(known)), states);
	});
}

test('a checkpoint-age finding begins when the last checkpoint becomes too old, and ends at the next one', () => {
	const begun = found({ages: [90]});
	const finding = begun.current.find(({rule}) => rule === 'checkpoint-age');
	assert.ok(finding?.rule === 'checkpoint-age');
	assert.deepEqual([finding.sinceMs, finding.sinceIsLowerBound], [nowMs - 30 * minute, false]);
	assert.deepEqual([finding.value, finding.reference], [5400, 3600]);
	assert.equal(datedSentence(finding, 'since 08:30'), 'checkpoint-age: the last checkpoint is 1h old, since 08:30');
	const over = found({ages: [3, 95], at: 5}, begun);
	assert.deepEqual(statesOf(over), ['resolved']);
	assert.equal(over.resolved.find(({rule}) => rule === 'checkpoint-age')?.untilMs, nowMs + 2 * minute);
	assert.deepEqual(statesOf(found({ages: [4, 96], at: 6}, over)), ['resolved']);
});

test('unreadable checkpoints make a checkpoint-age finding unknown, unless a newer readable one ends it', () => {
	const begun = found({ages: [90]});
	assert.deepEqual(statesOf(found({ages: [95], at: 5, unreadable: 1}, begun)), ['unknown']);
	assert.deepEqual(statesOf(found({ages: [3, 95], at: 5, unreadable: 1}, begun)), ['resolved']);
});

test('checkpoint-age findings end with the run or its deployment, and are unknown while nothing is received', () => {
	const begun = found({ages: [90]});
	assert.deepEqual(statesOf(found({ages: [95], at: 5, runStatus: 'INACTIVE'}, begun)), ['resolved']);
	assert.deepEqual(statesOf(found({ages: [95], at: 5, status: 'STOPPED'}, begun)), ['resolved']);
	assert.deepEqual(statesOf(found({ages: [100], at: 10, receivedAgo: 10}, begun)), ['unknown']);
});

/**
 * Returns the checkpoint-age findings of the hour before nine o'clock, evaluated hours later, with checkpoints made at
 * these times, in minutes from nine. Each string contains the state, the start, and the end of a finding.
 */
function foundEarlier(
	made: readonly number[],
	{until = 0, runAt = -900, limit = limitMs, unreadable = 0} = {},
): readonly string[] {
	const list = made.map((at): Checkpoint => {
		const createdAtMs = nowMs + at * minute;
		return {name: 'step-1', createdAtMs, bytes: 1, syncStatus: undefined, target: undefined, type: undefined};
	});
	const reported = responseOf({
		per_node_metrics: [
			{
				node_id: 'a',
				cpu_usage: servedPoints(
					...Array.from({length: 120 + until * 2}, (_, step) => [nowMs - hourMs + step * 30_000, 1] as const),
				),
			},
		],
	});
	const range = {startMs: nowMs - hourMs, endMs: nowMs, whole: true};
	const {deployment, run} = context({});
	const findings = atOnce(
		evaluateRange(addMetrics(emptyHistory(defaultWindow), reported, range), {
			deployment,
			run: {...run, run: {...run.run, createdAtMs: nowMs + runAt * minute}},
			checkpoints: {runId: 'r', list, unreadable, atMs: nowMs + 500 * minute},
			thresholds: {...fixedThresholds, checkpointAgeMs: limit},
			nowMs: nowMs + 500 * minute,
		}),
	);
	return [...findings.current, ...findings.resolved]
		.filter(({rule}) => rule === 'checkpoint-age')
		.map(finding => {
			const end = finding.state === 'resolved' ? finding.untilMs : undefined;
			return [finding.state, finding.sinceMs, end]
				.map(x => (typeof x === 'number' ? (x - nowMs) / minute : x))
				.join(' ');
		});
}

for (const [what, actual, expected] of [
	['a checkpoint that was late', foundEarlier([-10, -200]), ['resolved -140 -10']],
	['a checkpoint that is late at the end of the range', foundEarlier([40, -100]), ['active -40 ']],
	['checkpoints that are on time', foundEarlier([-10, -40, -80]), []],
	['checkpoints before the range', foundEarlier([-70, -300]), ['active -10 ']],
	['a run without checkpoints', foundEarlier([]), ['active -840 ']],
	['a run that began within the range', foundEarlier([], {runAt: -30}), []],
	['nodes that stopped before the checkpoint was late', foundEarlier([-70], {until: -55}), []],
	['nodes that stopped after the checkpoint was late', foundEarlier([-90], {until: -20}), ['unknown -30 ']],
	['unreadable checkpoints among others', foundEarlier([40, -100], {unreadable: 1}), []],
] as const) {
	test(`in an earlier range with ${what}, the checkpoint-age findings are [${expected.join()}]`, () => {
		assert.deepEqual(actual, expected);
	});
}

test('no output uses a checkpoint from the future as the last one', () => {
	const made = (name: string, ageMs: number): Checkpoint => {
		const createdAtMs = sampleNow - ageMs;
		return {name, createdAtMs, bytes: 33_600_000, syncStatus: undefined, target: undefined, type: undefined};
	};
	const list = [made('step-later', -hourMs), made('step-last', 10 * minute), made('step-first', hourMs)];
	const known = {...sampleState({nodes: 1, gpus: 1}), checkpoints: {runId: 'r', list, unreadable: 0, atMs: sampleNow}};
	assert.equal(jsonSnapshot(known).checkpoints?.last?.name, 'step-last');
	assert.match(textSnapshot(known, 'utc'), /step-last/);
	assert.doesNotMatch(textSnapshot(known, 'utc'), /step-later/);
	assert.equal([...summarizeStatus(known).facts.values()].filter(fact => /step-last\b/.test(fact)).length, 1);
	const gauge = gaugesOf(known, sampleNow).find(({name}) => name === 'loops_last_checkpoint_timestamp_seconds');
	assert.equal(gauge?.samples[0]?.value, (sampleNow - 10 * minute) / 1000);
	const screen = screenText(known, {columns: 160, rows: 45}).join('\n');
	assert.doesNotMatch(screen, /step-later/);
});
