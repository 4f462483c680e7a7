/**
 * Tests of the costs that can be counted. No change should increase these counts, which are the same on every machine
 * under any load. Times are measured by `npm run bench`.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import * as z from 'zod';
import {nodesOf, seriesOf} from '../../source/metrics/history.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import type {Size} from '../../source/view/layout.ts';
import {filledStore} from './inside/filled-store.ts';
import {simulationOf} from './inside/simulated-responses.ts';
import {type Watching, watchSimulation} from './inside/watch-simulation.ts';
import {measureInside} from './measure-inside.ts';
import {measureLoad} from './measure-load.ts';
import {measurePackage} from './measure-package.ts';

/** The maximum counts: the current ones, or slightly more. The budget is what the program promises. */
const limits = {
	'bytes per refresh at 160×45': {limit: 740, budget: 3500},
	'bytes per refresh at 80×24': {limit: 255, budget: 1200},
	'frames per poll': {limit: 1, budget: 1},
	'frames while nothing happens': {limit: 0, budget: 0},
	'frames in ten minutes without samples': {limit: 10, budget: 10},
	'frames while paused': {limit: 0, budget: 0},
	'requests in two minutes': {limit: 17},
	'steps requested in two minutes': {limit: 52},
	'bytes stored per point': {limit: 8.6, budget: 12},
	'files before the first frame': {limit: 3},
	'modules before the first frame': {limit: 90},
	'bytes before the first frame': {limit: 195_000},
	'files before data': {limit: 6},
	'bytes before data': {limit: 755_000},
	'bytes in the package': {limit: 1_000_000, budget: 1_000_000},
	'runtime dependencies': {limit: 0, budget: 0},
} as const satisfies Readonly<Record<string, {readonly limit: number; readonly budget?: number}>>;

function assertWithin(name: keyof typeof limits, count: number): void {
	const {limit} = limits[name];
	assert.ok(count <= limit, `${name}: ${count}, but the limit is ${limit}`);
}

const root = path.join(import.meta.dirname, '..', '..');
const wide: Size = {columns: 160, rows: 45};
const usual: Size = {columns: 80, rows: 24};
const intervalMs = 10_000;

/** Starts watching, and waits until the first responses are on the screen. */
async function watch(context: TestContext, size: Size, options = {intervalMs}): Promise<Watching> {
	const watching = await watchSimulation(size, options.intervalMs);
	context.after(watching.close);
	await watching.pass(1000);
	assert.ok(watching.screen.bytes > 0);
	return watching;
}

const refreshCost = z.object({bytes: z.number(), frames: z.number(), polls: z.number()});

for (const [size, name] of [
	[wide, 'bytes per refresh at 160×45'],
	[usual, 'bytes per refresh at 80×24'],
] as const) {
	test(`a refresh at ${size.columns}×${size.rows} writes few bytes in a single frame`, async () => {
		const {bytes, frames, polls} = await measureInside('refresh.ts', refreshCost, size.columns, size.rows, 30);
		assert.equal(polls, 30);
		assertWithin('frames per poll', frames / polls);
		assertWithin(name, bytes / polls);
	});
}

test('between two polls, the screen is drawn only to update the age of old samples, and at most once per minute', async context => {
	const {pass, screen, polls} = await watch(context, wide, {intervalMs: 3_600_000});
	const before = {frames: screen.frames, polls: polls()};
	await pass(90_000);
	assertWithin('frames while nothing happens', screen.frames - before.frames);
	await pass(10 * 60_000);
	assertWithin('frames in ten minutes without samples', screen.frames - before.frames);
	assert.equal(polls(), before.polls);
});

test('while paused, nothing is drawn after the data starts to look old, although polling continues', async context => {
	const {pass, screen, store, polls} = await watch(context, wide);
	store.dispatch({type: 'togglePause'});
	// After a minute, data no longer looks fresh.
	await pass(60_000);
	const before = {frames: screen.frames, polls: polls()};
	await pass(6 * intervalMs);
	assert.ok(polls() > before.polls);
	assertWithin('frames while paused', screen.frames - before.frames);
});

test('few requests are sent, and they request little more than the new data', async context => {
	const {pass, requested} = await watch(context, wide);
	const before = requested();
	await pass(2 * 60_000);
	const {requests, steps} = requested();
	assertWithin('requests in two minutes', requests - before.requests);
	assertWithin('steps requested in two minutes', steps - before.steps);
});

test('drawing and polling use no formatters or collators of Intl, whose data takes 5 MB of memory', async context => {
	const {prototype: number} = Number;
	const {prototype: date} = Date;
	const used = [
		context.mock.method(number, 'toLocaleString'),
		context.mock.method(date, 'toLocaleString'),
		context.mock.method(date, 'toLocaleTimeString'),
		context.mock.method(Intl, 'NumberFormat'),
		context.mock.method(Intl, 'DateTimeFormat'),
		context.mock.method(Intl, 'Collator'),
		context.mock.method(Intl, 'PluralRules'),
	];
	const {pass} = await watch(context, wide);
	await pass(60_000);
	assert.equal(
		used.reduce((calls, {mock}) => calls + mock.callCount(), 0),
		0,
	);
});

test('points are stored in columns, and the series of one response share their times', () => {
	const {histories} = filledStore(simulationOf({nodes: 64, gpusPerNode: 8}), defaultWindow).getState().components
		.trainer;
	const series = histories.flatMap(history => nodesOf(history).flatMap(seriesOf));
	const columns = new Set(series.flatMap(({times, values}) => [times.buffer, values.buffer]));
	const bytes = [...columns].reduce((sum, {byteLength}) => sum + byteLength, 0);
	const points = series.reduce((sum, {times}) => sum + times.length, 0);
	assert.ok(points > 100_000);
	assertWithin('bytes stored per point', bytes / points);
});

test('little code is loaded before the first frame', async () => {
	const {firstFrame, data} = await measureLoad(root);
	assertWithin('files before the first frame', firstFrame.files);
	assertWithin('modules before the first frame', firstFrame.modules);
	assertWithin('bytes before the first frame', firstFrame.bytes);
	assertWithin('files before data', data.files);
	assertWithin('bytes before data', data.bytes);
});

test('the package is small, and has no dependencies', () => {
	const {unpackedBytes, dependencies} = measurePackage(root);
	assertWithin('bytes in the package', unpackedBytes);
	assertWithin('runtime dependencies', dependencies);
});
