import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readDeployment} from '../../source/api/deployment.ts';
import type {Checkpoint} from '../../source/api/run.ts';
import {type Findings, noFindings} from '../../source/metrics/findings.ts';
import {emptyHistory} from '../../source/metrics/history.ts';
import {judge} from '../../source/metrics/judge.ts';
import {defaultThresholds} from '../../source/metrics/thresholds.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {datedSentence} from '../../source/text/finding-text.ts';

const minute = 60_000;
const nowMs = Date.UTC(2026, 10, 23, 9);
const limitMs = 60 * minute;

type Known = {
	readonly ages?: readonly number[];
	readonly limit?: number | undefined;
	readonly status?: string;
	readonly runStatus?: string;
	readonly runAge?: number | undefined;
	readonly receivedAgo?: number;
	readonly runId?: string;
	readonly at?: number;
};

/** Evaluates checkpoints and a run of these ages in minutes, `at` minutes from now. */
function found(known: Known, before: Findings = noFindings): Findings {
	const {ages = [], status = 'RUNNING', runStatus = 'ACTIVE', receivedAgo = 1, runId = 'r', at = 0} = known;
	const atMs = nowMs + at * minute;
	const runAge = 'runAge' in known ? known.runAge : 600;
	const list = ages.map((age): Checkpoint => {
		const createdAtMs = atMs - age * minute;
		return {name: 'step-1', createdAtMs, bytes: 1, syncStatus: undefined, target: undefined, type: undefined};
	});
	return judge(before, emptyHistory(defaultWindow), {
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
		checkpoints: {runId, list, atMs: atMs - receivedAgo * minute},
		isAnswered: true,
		hasUnreadable: false,
		nowMs: atMs,
		thresholds: {...defaultThresholds, checkpointAgeMs: 'limit' in known ? known.limit : limitMs},
	});
}

function statesOf({current, resolved}: Findings): readonly string[] {
	return [...current, ...resolved].filter(({rule}) => rule === 'checkpoint-age').map(({state}) => state);
}

const cases: ReadonlyArray<readonly [what: string, known: Known, states: readonly string[]]> = [
	['off by default', {ages: [900], limit: undefined}, []],
	['a new checkpoint', {ages: [59, 900]}, []],
	['one exactly as old as the threshold', {ages: [60]}, []],
	['an old one', {ages: [61, 900]}, ['active']],
	['none, of an old run', {}, ['active']],
	['none, of a new run', {runAge: 10}, []],
	['none, of a run whose age is not known', {runAge: undefined}, []],
	['one from the future', {ages: [-5]}, []],
	["another run's", {ages: [900], runId: 'other'}, []],
	['a deployment that does not run', {ages: [900], status: 'SCALED_TO_ZERO'}, []],
	['a run that has ended', {ages: [900], runStatus: 'INACTIVE'}, []],
	['what was received long ago', {ages: [900], receivedAgo: 6}, ['unknown']],
	['what was received two polls ago', {ages: [900], receivedAgo: 4}, ['active']],
];

for (const [what, known, states] of cases) {
	test(`checkpoint-age of ${what}: ${states.join() || 'nothing'}`, () => {
		assert.deepEqual(statesOf(found(known)), states);
	});
}

test('it begins when the checkpoint becomes too old, and ends at the time of the next one', () => {
	const begun = found({ages: [90]});
	const finding = begun.current.find(({rule}) => rule === 'checkpoint-age');
	assert.ok(finding?.rule === 'checkpoint-age');
	assert.deepEqual([finding.sinceMs, finding.sinceIsLowerBound], [nowMs - 30 * minute, false]);
	assert.deepEqual([finding.value, finding.reference], [5400, 3600]);
	assert.equal(datedSentence(finding, 'since 08:30'), 'checkpoint-age: the last checkpoint is 2h old, since 08:30');
	const over = found({ages: [3, 95], at: 5}, begun);
	assert.deepEqual(statesOf(over), ['resolved']);
	assert.equal(over.resolved.find(({rule}) => rule === 'checkpoint-age')?.untilMs, nowMs + 2 * minute);
	assert.deepEqual(statesOf(found({ages: [4, 96], at: 6}, over)), ['resolved']);
});

test('it ends, rather than becoming unknown, when the run or its deployment ends, and is unknown while nothing is received', () => {
	const begun = found({ages: [90]});
	assert.deepEqual(statesOf(found({ages: [95], at: 5, runStatus: 'INACTIVE'}, begun)), ['resolved']);
	assert.deepEqual(statesOf(found({ages: [95], at: 5, status: 'STOPPED'}, begun)), ['resolved']);
	assert.deepEqual(statesOf(found({ages: [100], at: 10, receivedAgo: 10}, begun)), ['unknown']);
});
