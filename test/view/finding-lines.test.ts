import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Evidence, Finding} from '../../source/metrics/findings.ts';
import {errorRange} from '../../source/text/finding-text.ts';
import {findingLine} from '../../source/view/finding-line.ts';
import {lineText, lineWidth, textWidth} from '../../source/view/line.ts';
import {eventLines, findingLines, withoutRepeats} from '../../source/view/timeline-lines.ts';
import {sampleState} from '../helpers/sample-state.ts';

const nine = Date.UTC(2026, 10, 23, 9);
const gib = 1024 ** 3;
const {words, brief} = errorRange;
const deployment = {kind: 'deployment'} as const;
const node = {kind: 'node', node: 'loops-trainer-12'} as const;
const gpu = {kind: 'gpu', node: 'loops-trainer-12', rank: '5'} as const;
const gpus = {kind: 'gpus', node: 'loops-trainer-12', ranks: ['5', '6', '7']} as const;

/** Findings of most rules, and what the shortest form of their text must contain. */
const found: ReadonlyArray<readonly [Evidence, shortest: RegExp]> = [
	[{rule: 'status', subject: deployment, status: 'FAILED', ofRun: false}, /failed/],
	[{rule: 'status', subject: deployment, status: 'SCALED_TO_ZERO', ofRun: false}, /scaled to zero/],
	[{rule: 'status', subject: deployment, status: 'RUNNING', ofRun: true}, /the run has ended/],
	[{rule: 'sampler-status', subject: deployment, status: 'FAILED'}, /sampler has failed/],
	[{rule: 'sampler-stalled', subject: deployment, value: 12}, /none (?:is )?completing/],
	[
		{rule: 'sampler-5xx', subject: deployment, value: 0.08, failed: 9},
		new RegExp(`8\\.0% (of .*requests in the last ${words} failed|failed in ${brief})`),
	],
	[{rule: 'stale', subject: deployment, groups: ['compute']}, /no new samples/],
	[{rule: 'missing-node', subject: node, value: 1, reference: 2}, /12 doesn't report/],
	[{rule: 'missing-gpu', subject: gpus, value: 5, reference: 8}, /GPUs 5-7/],
	[{rule: 'idle-gpus', subject: gpus, value: 0.02, reference: 0.9, rankSpans: new Map()}, /GPUs 5-7/],
	[{rule: 'straggler', subject: gpu, value: 0.31, reference: 0.9}, /GPU 5 at 31%/],
	[{rule: 'idle-deployment', subject: deployment, value: 32}, /all 32 GPUs (are )?idle/],
	[{rule: 'stalled', subject: deployment, value: 12}, /none (?:is )?completing/],
	[{rule: 'ram', subject: node, value: 0.97}, /12 at 97%/],
	[{rule: 'restarted', subject: node, value: 30 * gib, reference: 300 * gib, lastMs: nine}, /12 fell/],
	[{rule: 'disk', subject: node, value: 0.94, isFull: false}, /12 at 94%/],
	[{rule: 'disk', subject: node, value: 0.995, isFull: true}, /12 is full/],
	[{rule: 'disk-growth', subject: node, value: 0.94, fullInMs: 420_000}, /full (at this rate )?in (about )?7m/],
	[
		{rule: '5xx', subject: deployment, value: 0.08, failed: 9},
		new RegExp(`8\\.0% (of .*requests in the last ${words} failed|failed in ${brief})`),
	],
	[
		{rule: '4xx', subject: deployment, value: 0.25, failed: 9},
		new RegExp(`25\\.0% (of .*requests in the last ${words} were refused|refused in ${brief})`),
	],
];

for (const width of [38, 58, 78, 98]) {
	test(`the main sentence of every finding is complete in any number of lines of ${width} columns`, () => {
		for (const [evidence, shortest] of found) {
			const finding: Finding = {...evidence, state: 'active', sinceMs: nine, sinceIsLowerBound: false};
			const how = {isSelected: false, width, nowMs: nine, zone: 'utc', lastError: '', nameWidth: 16} as const;
			const counts = [0, 1, 2, 3, 6].map(most => {
				const lines = findingLines(finding, {...how, most}).map(line => line.map(({text}) => text).join(''));
				const words = lines.join(' ').replace('since 09:00:00', '').replace('at 09:00:00', '').replaceAll(/\s+/g, ' ');
				assert.match(words, shortest, `${evidence.rule} in ${most} lines`);
				// Only the hint after a status can be cut.
				assert.doesNotMatch(
					words,
					evidence.rule === 'status' ? /^[^:;]*…/ : / …(?![-\w])|\w…/,
					`${evidence.rule} in ${most} lines`,
				);
				assert.ok(lines.every(line => textWidth(line) <= width));
				return lines.length;
			});
			assert.equal(counts[0], 1, evidence.rule);
			assert.ok((counts[1] ?? 0) <= (width < 76 ? 2 : 1), evidence.rule);
			assert.deepEqual(
				counts,
				counts.toSorted((a, b) => a - b),
				evidence.rule,
			);
		}
	});
}

test('a long error is cut, but the sentence before it is shown in full', () => {
	const evidence: Evidence = {rule: 'status', subject: deployment, status: 'FAILED', ofRun: false};
	const finding: Finding = {...evidence, state: 'active', sinceMs: nine, sinceIsLowerBound: false};
	const lastError = `last log error, 09:00:00: ${'CUDA error '.repeat(30).trim()}`;
	const textIn = (most: number): string =>
		findingLines(finding, {isSelected: false, width: 38, nowMs: nine, zone: 'utc', lastError, most})
			.slice(1)
			.map(line =>
				line
					.map(({text}) => text)
					.join('')
					.trim(),
			)
			.join(' ');
	assert.equal(textIn(1), 'the deployment has failed');
	assert.match(textIn(3), /^the deployment has failed; last log error, 09:00:00: CUDA .*…$/);
	assert.doesNotMatch(textIn(20), /…/);
});

test('at every width, the line says when storage or RAM will be full; it omits the unknown start of a status', () => {
	const state = sampleState({nodes: 1, gpus: 1});
	const lineOf = (evidence: Evidence, width: number): string => {
		const finding: Finding = {...evidence, state: 'active', sinceMs: nine, sinceIsLowerBound: true};
		return findingLine(state, [finding], width, 'utc')
			.map(({text}) => text)
			.join('');
	};
	const growth: Evidence = {rule: 'disk-growth', subject: node, value: 0.85, fullInMs: 3_600_000};
	assert.match(lineOf(growth, 30), /^ ! \S*12 full in 1h$/);
	// At every width, the line says when the storage or the RAM will be full. For growing storage, "at 85% since
	// 09:00" would be wrong, because less of it was in use at 09:00.
	const ram: Evidence = {rule: 'ram', subject: node, value: 0.97, fullInMs: 480_000};
	for (let width = 30; width <= 160; width++) {
		assert.match(lineOf(growth, width), /full/, `${width}`);
		assert.match(lineOf(ram, width), /full/, `${width}`);
	}

	assert.match(lineOf(ram, 100), /^ ! ram {2}\S+12 at 97% of its RAM since before 09:00:00, full in 8m +1 finding/);
	assert.match(lineOf(growth, 100), /12 at 85% of its storage, growing since before 09:00:00, full in 1h +1 finding/);

	const status: Evidence = {rule: 'sampler-status', subject: deployment, status: 'UNHEALTHY'};
	assert.match(lineOf(status, 160), /^ ! sampler-status {2}the sampler is unhealthy +1 finding/);
});

test('the list of events shows a short error in full at every width, and a long one in three lines', () => {
	const message = 'RuntimeError: CUDA error: an illegal memory access was encountered';
	const line = {timeNs: 0n, level: 'ERROR', replica: undefined, requestId: undefined, message} as const;
	for (const width of [28, 38, 78, 158]) {
		const how = {isSelected: false, width, nowMs: nine, zone: 'utc', lastError: ''} as const;
		const textOf = (message: string): readonly string[] => {
			const event = {key: 'a', atMs: nine, kind: 'error', line: {...line, message}, count: 3, replicas: []} as const;
			const lines = eventLines(event, how);
			assert.ok(
				lines.every(one => lineWidth(one) <= width),
				`${width}`,
			);
			return lines.map(one => lineText(one).trim());
		};
		const text = textOf('CUDA error: an illegal memory access').join(' ').replace(/ +×3/, '');
		assert.match(text, /09:00:00 . CUDA error: an illegal memory access$/, `${width}`);
		const long = textOf(message.repeat(12));
		assert.ok(long.length === 3 && long[2]?.endsWith('…') === true, `${width}: ${long.join('\n')}`);
	}
});

test('storage that is nearly full and still growing is listed and counted as one finding', () => {
	const onset = {sinceMs: nine, sinceIsLowerBound: false, state: 'active'} as const;
	const growth: Finding = {...onset, rule: 'disk-growth', subject: node, value: 0.94, fullInMs: 360_000};
	const disk: Finding = {...onset, rule: 'disk', subject: node, value: 0.94, isFull: false};
	const other: Finding = {...disk, subject: {kind: 'node', node: 'loops-trainer-1'}};
	assert.deepEqual(withoutRepeats([growth, disk, other]), [growth, other]);
	assert.deepEqual(withoutRepeats([disk, other]), [disk, other]);
	assert.match(
		lineText(findingLine(sampleState({nodes: 1, gpus: 1}), withoutRepeats([growth, disk]), 160, 'utc')),
		/ 1 finding /,
	);
});
