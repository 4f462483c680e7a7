import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Level, type LogLine, readLogs} from '../../source/api/logs.ts';
import {type LogSpan, logsBody, trainerLogs} from '../../source/demo/routes.ts';
import type {ScenarioName} from '../../source/demo/scenarios.ts';
import {createSimulation} from '../../source/demo/simulation.ts';

const minute = 60_000;
const startedAtMs = Date.UTC(2026, 10, 23, 9, 17);

function logsOf(scenario: ScenarioName, span: Partial<LogSpan> = {}, nowMs = startedAtMs): readonly LogLine[] {
	const setting = {scenario, seed: 1, startedAtMs, nodes: scenario === 'single' ? 1 : 4, gpusPerNode: 8};
	const whole: LogSpan = {
		startMs: nowMs - 10 * minute,
		endMs: nowMs,
		direction: 'asc',
		limit: 1000,
		minLevel: 'DEBUG',
		...span,
	};
	const response = readLogs(logsBody(trainerLogs(createSimulation(setting)), whole, nowMs), whole.direction);
	assert.ok(response !== undefined);
	assert.equal(response.dropped, 0);
	return response.lines;
}

function ofLevel(lines: readonly LogLine[], ...levels: readonly Level[]): readonly LogLine[] {
	return lines.filter(({level}) => level !== undefined && levels.includes(level));
}

test('logs have entries from every node in chronological order, few errors, and more entries at INFO than at DEBUG', () => {
	const lines = logsOf('steady');
	const times = lines.map(({timeNs}) => timeNs);
	assert.deepEqual(
		times,
		[...times].sort((a, b) => Number(a - b)),
	);
	assert.deepEqual([...new Set(lines.map(({replica}) => replica))].sort(), [
		'loops-trainer-0',
		'loops-trainer-1',
		'loops-trainer-2',
		'loops-trainer-3',
	]);
	assert.ok(ofLevel(lines, 'INFO').length > ofLevel(lines, 'DEBUG').length);
	assert.ok(ofLevel(lines, 'ERROR').length < 40);
	assert.ok(lines.some(({message}) => message.startsWith('optim_step')));
});

test('the same time always has the same entries, whenever and in whichever direction they are requested', () => {
	const earlier = logsOf('steady', {endMs: startedAtMs - 5 * minute});
	const later = logsOf(
		'steady',
		{startMs: startedAtMs - 10 * minute, endMs: startedAtMs - 5 * minute},
		startedAtMs + minute,
	);
	assert.deepEqual(later, earlier);
	assert.deepEqual(logsOf('steady', {endMs: startedAtMs - 5 * minute, direction: 'desc'}), earlier);
});

test('if there are more entries than the limit, the first ones in the requested direction are returned', () => {
	const all = logsOf('steady');
	assert.ok(all.length > 100);
	assert.deepEqual(logsOf('steady', {limit: 50}), all.slice(0, 50));
	assert.deepEqual(logsOf('steady', {limit: 50, direction: 'desc'}), all.slice(-50));
});

test('entries below a level are omitted', () => {
	const lines = logsOf('straggler', {minLevel: 'WARNING'});
	assert.ok(lines.length > 0);
	assert.equal(ofLevel(lines, 'WARNING', 'ERROR').length, lines.length);
});

test('entries arrive late: the same range has more entries a little later', () => {
	const endMs = startedAtMs;
	const atOnce = logsOf('steady', {startMs: endMs - minute}, endMs);
	const later = logsOf('steady', {startMs: endMs - minute, endMs}, endMs + 10_000);
	assert.ok(later.length > atOnce.length);
	const known = new Set(later.map(({timeNs}) => timeNs));
	assert.ok(atOnce.every(({timeNs}) => known.has(timeNs)));
});

test('the node with the slow GPU and the nodes that wait for it log the delay, but only after the GPU has fallen behind', () => {
	const isOfRing = ({message}: LogLine): boolean => message.includes('rank 21');
	const slow = logsOf('straggler').filter(isOfRing);
	assert.ok(slow.some(({replica}) => replica === 'loops-trainer-2'));
	assert.ok(slow.some(({replica}) => replica !== 'loops-trainer-2'));
	assert.ok(slow.every(({timeNs}) => timeNs >= BigInt(startedAtMs - 8 * minute) * 1_000_000n));
	assert.ok(slow.every(({message}) => !message.includes('\u{1B}')));
	assert.equal(logsOf('steady').filter(isOfRing).length, 0);
});

test('failed requests are logged as errors, with a stack trace and the request ID', () => {
	const errors = ofLevel(logsOf('errors', {startMs: startedAtMs - minute}), 'ERROR');
	assert.ok(errors.length > 20);
	assert.ok(errors.every(({message}) => message.split('\n').length > 3));
	assert.ok(errors.every(({requestId}) => requestId?.startsWith('req-')));
});

test('a trainer that is scaled to zero logs the reason, and then nothing', () => {
	const lines = logsOf('idle', {startMs: startedAtMs - 30 * minute});
	assert.match(lines.at(-1)?.message ?? '', /scaling to zero$/);
	assert.ok((lines.at(-1)?.timeNs ?? 0n) < BigInt(startedAtMs - 19 * minute) * 1_000_000n);
});

test('a trainer that is being deployed loads weights, and then trains', () => {
	const nowMs = startedAtMs + 2 * minute;
	const lines = logsOf('deploying', {}, nowMs);
	assert.match(lines[0]?.message ?? '', /^loading weights/);
	assert.ok(lines.some(({message}) => message.startsWith('forward_backward')));
});

test('days without an error are searched quickly', () => {
	const before = process.cpuUsage();
	logsOf('idle', {startMs: startedAtMs - 7 * 86_400_000, minLevel: 'ERROR', direction: 'desc'});
	assert.ok(process.cpuUsage(before).user < 3_000_000);
});
