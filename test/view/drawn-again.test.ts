import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isDeepStrictEqual} from 'node:util';
import type {ScenarioName} from '../../source/demo/scenarios.ts';
import {createSimulation} from '../../source/demo/simulation.ts';
import {commandOf} from '../../source/keymap/command.ts';
import {keyFocus} from '../../source/keymap/entry.ts';
import {keymap} from '../../source/keymap/keymap.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {reduce} from '../../source/state/reducer.ts';
import {type PaneName, panes, type State} from '../../source/state/state.ts';
import type {Store} from '../../source/state/store.ts';
import type {Region} from '../../source/view/region.ts';
import {drawScreen} from '../../source/view/screen.ts';
import {dispatchNext, filledStore} from '../bench/inside/filled-store.ts';
import {beganAtMs} from '../bench/inside/simulated-responses.ts';

const size = {columns: 160, rows: 45};
const pollMs = 10_000;

function draw(state: State): readonly Region[] {
	return drawScreen(state, size, 'utc').regions;
}

/** Draws a state as if nothing had been drawn before: a pane with a different size isn't reused. */
function drawAfterResize(state: State): readonly Region[] {
	drawScreen(state, {columns: 100, rows: 30}, 'utc');
	drawScreen(state, {columns: 131, rows: 52}, 'utc');
	return draw(state);
}

/**
 * Draws a state, asserts that it looks as if all panes had been drawn again, and returns the number of panes that are
 * still the same objects as before.
 */
function compare(state: State, before: readonly Region[], message?: string): number {
	const regions = draw(state);
	const kept = regions.filter(region => panes.some(pane => pane === region.name) && before.includes(region)).length;
	assert.deepEqual(regions, drawAfterResize(state), message);
	return kept;
}

function watched(scenario: ScenarioName): {readonly store: Store; readonly next: (nowMs: number) => void} {
	const simulation = createSimulation({scenario, seed: 1, startedAtMs: beganAtMs, nodes: 4, gpusPerNode: 8});
	const store = filledStore(simulation, defaultWindow);
	return {store, next: nowMs => dispatchNext(store, simulation, defaultWindow, nowMs)};
}

for (const scenario of ['steady', 'missing', 'odd'] as const) {
	test(`in the ${scenario} scenario, reused panes are correct while samples arrive, stop, and resume`, () => {
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

		assert.ok(scenario !== 'steady' || kept >= 40, `only ${kept} panes were kept`);
	});
}

/** The first key of each binding in the keymap. */
const keys = keymap.flatMap(entry =>
	entry.bindings.flatMap(binding => binding.keys.slice(0, 1).map(key => ({entry, key}))),
);

/** Returns the state after a keypress; the same state if the key isn't bound to an action. */
function press(state: State, key: string): State {
	const context = {...keyFocus(state), columns: size.columns, pageRows: 10, helpLimit: 0, zone: 'utc'} as const;
	const command = commandOf(key, context);
	return command?.kind === 'action' ? reduce(state, command.action) : state;
}

/** Returns a state in which the last response left panes unchanged. `full` is the pane in full screen, if any. */
function quietState(full?: PaneName): State {
	const {store, next} = watched('steady');
	next(beganAtMs + pollMs);
	if (full !== undefined) {
		store.dispatch({type: 'focusPane', pane: full}, {type: 'toggleFullScreen'});
	}

	next(beganAtMs + 2 * pollMs);
	return store.getState();
}

const overview = quietState();
const fullScreens = panes.map(pane => [pane, quietState(pane)] as const);

test('every key takes effect immediately, twice in a row, in panes that the last response left unchanged', () => {
	for (const {entry, key} of keys) {
		const full = fullScreens.flatMap(([pane, state]) => (entry.panes?.includes(pane) ? [state] : []));
		for (const state of [overview, ...full]) {
			draw(state);
			const once = press(state, key);
			const message = `after ${key}, source/view/draw-panes.ts reuses a pane whose content has changed`;
			compare(once, [], message);
			compare(press(once, key), [], message);
		}
	}
});

test('if a key changes a choice that affects only some panes, its keymap entry names only such panes', () => {
	const linesIn = (state: State): ReadonlyMap<string, unknown> =>
		new Map(draw(state).map(({name, lines}) => [name, lines]));
	for (const {entry, key} of keys) {
		const changed = [overview, ...fullScreens.map(([, state]) => state)].flatMap(state => {
			const pressed = press(state, key);
			const [before, after] = [linesIn(state), linesIn(pressed)];
			return pressed.choices === state.choices
				? []
				: panes.filter(pane => !isDeepStrictEqual(before.get(pane), after.get(pane)));
		});
		const some = panes.filter(pane => changed.includes(pane));
		if (some.length > 0 && some.length < panes.length) {
			const {name, panes: named = []} = entry;
			assert.ok(
				named.length > 0 && named.every(pane => some.includes(pane)),
				`source/keymap/keymap.ts: set \`panes\` of the entry "${name}" to the panes that ${key} changes: ${some.join(', ')}`,
			);
		}
	}
});
