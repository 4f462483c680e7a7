import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import path from 'node:path';
import {mock, test} from 'node:test';
import {getHeapCodeStatistics} from 'node:v8';
import {runInThisContext} from 'node:vm';
import {collectGarbage, settleAfterStart} from '../../source/app/settle.ts';
import {emptyHistory} from '../../source/metrics/history.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import type {State} from '../../source/state/state.ts';
import {dispatchNext, filledStore} from '../bench/inside/filled-store.ts';
import {beganAtMs, simulationOf} from '../bench/inside/simulated-responses.ts';
import {findVersions} from '../helpers/node-versions.ts';

test('garbage is collected after the first response, and every five minutes if the heap is small', context => {
	mock.timers.enable({apis: ['setTimeout', 'setInterval']});
	context.after(() => mock.timers.reset());
	const filled = filledStore(simulationOf({nodes: 1, gpusPerNode: 1}), defaultWindow).getState();
	const {trainer} = filled.components;
	const [{window}] = trainer.histories;
	const empty: State = {
		...filled,
		components: {...filled.components, trainer: {...trainer, histories: [emptyHistory(window)]}},
	};
	let state: State = empty;
	const listeners = new Set<() => void>();
	const become = (next: State): void => {
		state = next;
		for (const listener of [...listeners]) {
			listener();
		}
	};
	const subscribe = (listener: () => void): (() => void) => {
		listeners.add(listener);
		return () => listeners.delete(listener);
	};
	let collected = 0;
	let isSmall = (): boolean => true;
	const collect = (): boolean => {
		const can = isSmall();
		collected += can ? 1 : 0;
		return can;
	};
	const end = settleAfterStart({getState: () => state, subscribe}, {collect, nodeMajor: 20});

	become({...empty});
	mock.timers.tick(60_000);
	assert.equal(collected, 0, 'garbage is collected before the first response');

	become(filled);
	become({...filled});
	mock.timers.tick(5000);
	assert.equal(collected, 1);

	become({...filled});
	mock.timers.tick(290_000);
	assert.equal(collected, 1, 'garbage is collected after each response');
	mock.timers.tick(10_000);
	assert.equal(collected, 2);

	isSmall = () => false;
	mock.timers.tick(310_000);
	assert.equal(collected, 2, 'garbage is collected although the heap is too large');
	isSmall = () => true;
	mock.timers.tick(20_000);
	assert.equal(collected, 3, "garbage isn't collected soon after the heap has become smaller");

	end();
	assert.equal(listeners.size, 0);
	mock.timers.tick(3_600_000);
	assert.equal(collected, 3);
});

test('a response that arrived before settleAfterStart was called counts as the first', context => {
	mock.timers.enable({apis: ['setTimeout', 'setInterval']});
	context.after(() => mock.timers.reset());
	const store = filledStore(simulationOf({nodes: 1, gpusPerNode: 1}), defaultWindow);
	let collected = 0;
	context.after(settleAfterStart(store, {collect: () => ++collected > 0, nodeMajor: 20}));
	mock.timers.tick(5000);
	assert.equal(collected, 1);
});

for (const [version, node] of findVersions()) {
	test(`an unreferenced object is collected on Node.js ${version}`, () => {
		const script = `
			const {collectGarbage} = await import('./source/app/settle.ts');
			const held = new WeakRef({});
			await new Promise(setImmediate);
			console.log(collectGarbage(false, Infinity), held.deref() === undefined, 'gc' in globalThis);`;
		const args = ['--import=tsx', '--input-type=module', '-e', script];
		const output = execFileSync(node, args, {cwd: path.join(import.meta.dirname, '..', '..'), encoding: 'utf8'});
		assert.equal(output, 'true true false\n');
	});
}

test('the first collection drops compiled code if there are few nodes, except on Node.js 20', async context => {
	mock.timers.enable({apis: ['setTimeout', 'setInterval']});
	context.after(() => mock.timers.reset());
	const collectionsFor = (nodes: number, nodeMajor: number): readonly boolean[] => {
		const store = filledStore(simulationOf({nodes, gpusPerNode: 1}), defaultWindow);
		const withCode: boolean[] = [];
		const collect = (isWithCode: boolean): boolean => withCode.push(isWithCode) > 0;
		const end = settleAfterStart(store, {collect, optimize: () => undefined, nodeMajor});
		mock.timers.tick(5000);
		mock.timers.tick(300_000);
		end();
		return withCode;
	};
	assert.deepEqual(collectionsFor(4, 24), [true, false]);
	assert.deepEqual(collectionsFor(8, 24), [false, false]);
	assert.deepEqual(collectionsFor(4, 20), [false, false]);

	await new Promise(setImmediate);
	const run = (index: number): unknown =>
		runInThisContext(`(() => { const f = a => a + ${index}; f(1); return f; })()`);
	const functions = Array.from({length: 5000}, (_, index) => run(index));
	const sizeOfCode = (): number => getHeapCodeStatistics().bytecode_and_metadata_size;
	collectGarbage(false, Number.POSITIVE_INFINITY);
	const before = sizeOfCode();
	collectGarbage(true, Number.POSITIVE_INFINITY);
	const dropped = before - sizeOfCode();
	assert.ok(dropped > 50 * functions.length, `only ${dropped} of ${before} bytes were dropped`);
});

test('except on Node.js 20, code is optimized after startup only for eight nodes or more', context => {
	mock.timers.enable({apis: ['setTimeout', 'setInterval']});
	context.after(() => mock.timers.reset());
	const switchesFor = (nodes: number, nodeMajor: number): readonly boolean[] => {
		const store = filledStore(simulationOf({nodes: 1, gpusPerNode: 1}), defaultWindow);
		const switches: boolean[] = [];
		const end = settleAfterStart(store, {collect: () => true, optimize: isOn => switches.push(isOn), nodeMajor});
		mock.timers.tick(2999);
		assert.deepEqual(switches, []);
		mock.timers.tick(1);
		const simulation = simulationOf({nodes, gpusPerNode: 1});
		for (const minutes of [1, 2]) {
			dispatchNext(store, simulation, defaultWindow, beganAtMs + minutes * 60_000);
		}

		mock.timers.tick(60_000);
		end();
		return switches;
	};
	assert.deepEqual(switchesFor(4, 24), [false]);
	assert.deepEqual(switchesFor(8, 24), [false, true]);
	assert.deepEqual(switchesFor(8, 22), [false, true]);
	assert.deepEqual(switchesFor(64, 20), []);
});

test('code stays optimized if a deployment has eight nodes from the start', context => {
	mock.timers.enable({apis: ['setTimeout', 'setInterval']});
	context.after(() => mock.timers.reset());
	const store = filledStore(simulationOf({nodes: 8, gpusPerNode: 1}), defaultWindow);
	const switches: boolean[] = [];
	context.after(settleAfterStart(store, {collect: () => true, optimize: isOn => switches.push(isOn), nodeMajor: 24}));
	mock.timers.tick(60_000);
	assert.deepEqual(switches, [true]);
});
