import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {ScenarioName} from '../../source/demo/scenarios.ts';
import {createSimulation} from '../../source/demo/simulation.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import type {UserAction} from '../../source/state/actions.ts';
import type {State} from '../../source/state/state.ts';
import type {Store} from '../../source/state/store.ts';
import type {Region} from '../../source/view/region.ts';
import {drawScreen} from '../../source/view/screen.ts';
import {dispatchNext, filledStore} from '../bench/inside/filled-store.ts';
import {beganAtMs} from '../bench/inside/simulated-answers.ts';

const size = {columns: 160, rows: 45};
const pollMs = 10_000;
const panes: readonly string[] = ['requests', 'latency', 'status', 'gpus', 'nodes'];

function draw(state: State): readonly Region[] {
	return drawScreen(state, size, 'utc').regions;
}

/** Draws a state as if nothing had been drawn before: a pane with a different size isn't reused. */
function drawAfterResize(state: State): readonly Region[] {
	drawScreen(state, {columns: 100, rows: 30}, 'utc');
	drawScreen(state, {columns: 131, rows: 52}, 'utc');
	return draw(state);
}

/** Returns the number of panes that stayed the same object since the previous state. */
function compare(state: State, before: readonly Region[]): number {
	const regions = draw(state);
	const kept = regions.filter(region => panes.includes(region.name) && before.includes(region)).length;
	assert.deepEqual(regions, drawAfterResize(state));
	return kept;
}

function watched(scenario: ScenarioName): {readonly store: Store; readonly next: (nowMs: number) => void} {
	const simulation = createSimulation({scenario, seed: 1, startedAtMs: beganAtMs, nodes: 4, gpusPerNode: 8});
	const store = filledStore(simulation, defaultWindow);
	return {store, next: nowMs => dispatchNext(store, simulation, defaultWindow, nowMs)};
}

for (const scenario of ['steady', 'missing', 'odd'] as const) {
	test(`with ${scenario}, a pane that isn't drawn again looks as if it were, while samples arrive, stop, and arrive again`, () => {
		const {store, next} = watched(scenario);
		let kept = 0;
		for (let nowMs = beganAtMs; nowMs < beganAtMs + 10 * 60_000; nowMs += pollMs) {
			const before = draw(store.getState());
			const minutes = (nowMs - beganAtMs) / 60_000;
			if (minutes < 2 || minutes >= 9) {
				next(nowMs);
			} else if (minutes < 8) {
				store.dispatch({type: 'tick', atMs: nowMs});
			} else {
				store.dispatch({
					type: 'pollFailed',
					failure: {kind: 'network', code: 'ECONNRESET', host: 'api.baseten.co'},
					atMs: nowMs,
					nextAtMs: nowMs + pollMs,
				});
			}

			kept += compare(store.getState(), before);
		}

		assert.ok(scenario !== 'steady' || kept >= 40, `${kept} panes were kept`);
	});
}

test('keys and choices take effect immediately in panes that the last response left unchanged', () => {
	const {store, next} = watched('steady');
	const choices: readonly UserAction[] = [
		{type: 'selectNode', by: 1},
		{type: 'nextChoice', choice: 'heat'},
		{type: 'focusPane', pane: 'gpus'},
		{type: 'toggleFullScreen'},
		{type: 'nextChoice', choice: 'heat'},
		{type: 'toggleFullScreen'},
		{type: 'togglePause'},
		{type: 'togglePause'},
		{type: 'compareNext'},
		{type: 'toggleScale'},
		{type: 'sortNext'},
	];
	let nowMs = beganAtMs;
	for (const choice of choices) {
		nowMs += pollMs;
		next(nowMs);
		draw(store.getState());
		store.dispatch(choice);
		compare(store.getState(), []);
	}
});
