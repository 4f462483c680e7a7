import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Evidence, Finding} from '../../source/metrics/findings.ts';
import {clauseSince, datedSentence, sinceWords} from '../../source/text/finding-sentence.ts';
import {describeFinding, errorRange} from '../../source/text/finding-text.ts';

const deployment = {kind: 'deployment'} as const;
const node = {kind: 'node', node: 'a'} as const;
const gpus = (...ranks: string[]) => ({kind: 'gpus', node: 'a', ranks}) as const;
const nine = Date.UTC(2026, 10, 23, 9);
const gib = 1024 ** 3;

/** The text of findings of most rules, with their times and hints but without the comparisons. */
const lines: ReadonlyArray<readonly [Evidence, line: string]> = [
	[
		{rule: 'status', subject: deployment, status: 'FAILED', ofRun: false},
		'the deployment has been FAILED since 09:00:00: the logs or the debug archive might say why',
	],
	[
		{rule: 'status', subject: deployment, status: 'DEPLOYING', ofRun: false},
		'the deployment has been deploying since 09:00:00, which takes about five minutes',
	],
	[
		{rule: 'status', subject: deployment, status: 'STOPPED', ofRun: false},
		'the deployment has been stopped since 09:00:00: its run has ended, but a new run can reuse it',
	],
	[
		{rule: 'status', subject: deployment, status: 'RUNNING', ofRun: true},
		"the run has ended, but its deployment is still running, since 09:00:00; the run can't resume, but a new one can reuse the deployment",
	],
	[
		{rule: 'status', subject: deployment, status: 'ODD: x', ofRun: false},
		'the deployment has been ODD: x since 09:00:00',
	],
	[
		{rule: 'stale', subject: deployment, groups: ['requests']},
		'the server responds, with no new samples of requests since 09:00:00',
	],
	[{rule: 'missing-node', subject: node, value: 1, reference: 2}, "a hasn't reported since 09:00:00"],
	[{rule: 'missing-node', subject: deployment, value: 1, reference: 2}, '1 of 2 nodes reporting since 09:00:00'],
	[{rule: 'missing-gpu', subject: gpus('3'), value: 3, reference: 4}, "a GPU 3 hasn't reported since 09:00:00"],
	[
		{rule: 'missing-gpu', subject: gpus('2', '3'), value: 2, reference: 4},
		"a GPUs 2, 3 haven't reported since 09:00:00",
	],
	[
		{rule: 'idle-gpus', subject: gpus('3'), value: 0.02, reference: 0.9, rankSpans: new Map([['3', {sinceMs: nine}]])},
		'a GPU 3 idle at 2% since 09:00:00',
	],
	[{rule: 'idle-deployment', subject: deployment, value: 4}, 'all 4 GPUs idle without requests since 09:00:00'],
	[
		{rule: 'stalled', subject: deployment, value: 3},
		'3 requests are in progress, and none has completed since 09:00:00',
	],
	[{rule: 'ram', subject: node, value: 0.96}, 'a at 96% of its RAM since 09:00:00'],
	[
		{rule: 'restarted', subject: node, value: 20 * gib, reference: 700 * gib, lastMs: nine},
		'RAM use on a fell from 700G to 20.0G at 09:00:00',
	],
	[{rule: 'disk', subject: node, value: 0.95, isFull: false}, 'a at 95% of its storage since 09:00:00'],
	[
		{rule: 'disk', subject: node, value: 0.995, isFull: true},
		'storage on a is full, and has been nearly full since 09:00:00',
	],
	[
		{rule: 'disk-growth', subject: node, value: 0.8, fullInMs: 3_600_000},
		'a at 80% of its storage, growing since 09:00:00',
	],
	[
		{rule: '5xx', subject: deployment, value: 0.2, failed: 9},
		`20.0% of the requests in the last ${errorRange.words} failed, since 09:00:00`,
	],
];

for (const [evidence, line] of lines) {
	test(`the text of a finding of the rule ${evidence.rule} contains its time: ${line}`, () => {
		const onset = {sinceMs: nine, sinceIsLowerBound: false};
		const active: Finding = {...evidence, ...onset, state: 'active'};
		const words = describeFinding(active);
		assert.equal(`${clauseSince(active, words, sinceWords(active, nine, 'utc'))}${words.hint}`, line);
		const unknown: Finding = {...evidence, ...onset, state: 'unknown', lastKnownMs: nine + 60_000};
		const known = sinceWords(unknown, nine, 'utc');
		assert.equal(clauseSince(unknown, words, known), `${words.what}, last known 09:01:00`);
		assert.ok(datedSentence(unknown, known).endsWith(`, last known 09:01:00${words.hint}`));
	});
}

test('the text about RAM says when it will be full, if that is known', () => {
	const onset = {sinceMs: nine, sinceIsLowerBound: false, state: 'active'} as const;
	const ram: Finding = {rule: 'ram', subject: node, value: 0.97, fullInMs: 480_000, ...onset};
	assert.equal(
		datedSentence(ram, sinceWords(ram, nine, 'utc')),
		'ram: a at 97% of its RAM since 09:00:00, full at this rate in about 8m',
	);
	assert.equal(describeFinding(ram).brief, 'a full in 8m');
});

test("a full disk isn't reported as full since the time when it became nearly full", () => {
	const onset = {sinceMs: nine, sinceIsLowerBound: false};
	const full: Finding = {rule: 'disk', subject: node, value: 0.995, isFull: true, ...onset, state: 'active'};
	assert.equal(
		datedSentence(full, sinceWords(full, nine, 'utc')),
		'disk: storage on a is full, and has been nearly full since 09:00:00, 99.5% in use',
	);
});
