import assert from 'node:assert/strict';
import {afterEach, test} from 'node:test';
import {Box} from 'ink';
import {cleanup, render} from 'ink-testing-library';
import type {State} from '../../source/state/state.ts';
import {createStore} from '../../source/state/store.ts';
import {createPainter} from '../../source/theme/theme.ts';
import {App, RegionView} from '../../source/tui/app.tsx';
import {span} from '../../source/view/line.ts';
import {sampleState} from '../helpers/sample-state.ts';
import {createTypedKeys} from '../helpers/typed-keys.ts';

const paint = createPainter({color: 'none', symbols: 'block', theme: 'auto', level: 0});

// The stdout of ink-testing-library has a width but no height, so Ink uses the environment.
process.env['COLUMNS'] = '100';
process.env['LINES'] = '30';
afterEach(cleanup);

/** Waits for React, which subscribes to the store a moment after the first frame. */
const turn = async (): Promise<void> => new Promise(setImmediate);

async function show(state: State, copy?: (text: string) => boolean) {
	const store = createStore(state);
	const copied: string[] = [];
	const keys = createTypedKeys();
	const app = render(
		<App
			store={store}
			paint={paint}
			symbols="braille"
			zone="utc"
			keys={keys}
			copy={copy ?? (text => copied.push(text) > 0)}
			suspend={async () => true}
		/>,
	);
	await turn();
	return {...app, stdin: keys, store, copied};
}

test('the app draws the state, and draws it again after a change', async () => {
	const {lastFrame, store} = await show(sampleState({nodes: 4, gpus: 8}));
	assert.match(lastFrame() ?? '', /▸loops-trainer-0/);
	store.dispatch({type: 'selectNode', by: 1});
	await turn();
	assert.match(lastFrame() ?? '', /▸loops-trainer-1/);
});

test("a change that isn't visible leaves the frame unchanged", async () => {
	const {frames, store} = await show(sampleState({nodes: 4, gpus: 8}));
	const before = frames.length;
	store.dispatch({type: 'selectNode', by: -1});
	store.dispatch({type: 'selectNode', by: -1});
	await turn();
	assert.ok(new Set(frames.slice(before - 1)).size === 1);
});

test('keypresses become actions, even if several of them arrive in one string', async () => {
	const {stdin, lastFrame} = await show(sampleState({nodes: 4, gpus: 8}));
	stdin.write('jj');
	await turn();
	assert.match(lastFrame() ?? '', /▸loops-trainer-2/);
	stdin.write('\u001b[A');
	await turn();
	assert.match(lastFrame() ?? '', /▸loops-trainer-1/);
	stdin.write('?');
	await turn();
	assert.match(lastFrame() ?? '', /▸\? Keys/);
});

test('y copies the selection, Y copies the ID, and a message is shown until the next keypress', async () => {
	const {stdin, lastFrame, copied} = await show(sampleState({nodes: 4, gpus: 8}));
	for (const [key, text] of [
		['y', 'loops-trainer-0'],
		['Y', 'k4q95w5'],
	] as const) {
		stdin.write(key);
		await turn();
		assert.equal(copied.at(-1), text);
		assert.match(lastFrame() ?? '', new RegExp(`copied ${text}`));
	}

	stdin.write('j');
	await turn();
	assert.doesNotMatch(lastFrame() ?? '', /copied/);
	assert.equal(copied.length, 2);
});

test('without a selection, y does nothing', async () => {
	const {stdin, lastFrame, copied} = await show(
		sampleState({nodes: 4, gpus: 8}, {type: 'toggleOverlay', overlay: 'help'}),
	);
	stdin.write('y');
	await turn();
	assert.deepEqual(copied, []);
	assert.doesNotMatch(lastFrame() ?? '', /copied|clipboard/);
});

test('a terminal without a clipboard is reported', async () => {
	const {stdin, lastFrame} = await show(sampleState({nodes: 4, gpus: 8}), () => false);
	stdin.write('y');
	await turn();
	assert.match(lastFrame() ?? '', /this terminal can't copy this text to the clipboard/);
});

test('a spinner and the message about loading are shown until the first response, but not after it', async () => {
	const state = sampleState({nodes: 1, gpus: 1});
	const {lastFrame, store} = await show({
		...state,
		live: {...state.live, links: {...state.live.links, trainer: {kind: 'connecting'}}},
	});
	assert.match(lastFrame() ?? '', /⠋ loading k4q95w5 from api\.baseten\.co/);
	store.dispatch({type: 'noMetrics', atMs: 0, tookMs: 1});
	await turn();
	assert.doesNotMatch(lastFrame() ?? '', /⠋|loading k4q95w5/);
});

test('a region is drawn in its place, with its title in the top edge of its frame', () => {
	const rect = {x: 2, y: 1, width: 10, height: 3};
	const frame = {title: [span('╭─ title ╮')], focused: false};
	const {lastFrame} = render(
		<Box height={4}>
			<RegionView region={{name: 'x', rect, frame, lines: [[span('12345678')]], targets: []}} paint={paint} />
		</Box>,
	);
	assert.equal(lastFrame()?.trimEnd(), '\n  ╭─ title ╮\n  │12345678│\n  ╰────────╯');
});

test('without colors, text can still be bold and underlined, unless the terminal supports neither', () => {
	const colorless = createPainter({color: 'none', symbols: 'ascii', theme: 'auto', level: 3});
	assert.equal(colorless('▸ 88%…', 'bad'), '\u001b[1m\u001b[4m> 88%~\u001b[24m\u001b[22m');
	assert.equal(colorless('模型', 'plain'), '????');
	assert.equal(paint('▸ 88%', 'bad'), '▸ 88%');
});

test('while the screen lags behind the state, keypresses apply to the current state', async () => {
	const store = createStore(sampleState({nodes: 4, gpus: 8}));
	const before = store.getState();
	const late = {getState: () => before, subscribe: () => () => undefined};
	const keys = createTypedKeys();
	const {lastFrame} = render(
		<App
			store={store}
			drawn={late}
			paint={paint}
			symbols="braille"
			zone="utc"
			keys={keys}
			copy={() => true}
			suspend={async () => true}
		/>,
	);
	await turn();
	keys.write('jj');
	await turn();
	assert.equal(store.getState().components.trainer.selected, 'loops-trainer-2');
	assert.match(lastFrame() ?? '', /▸loops-trainer-0/);
});

test('a paste enters text in a field, and does nothing anywhere else', async () => {
	const {stdin, lastFrame, store} = await show(sampleState({nodes: 4, gpus: 8}));
	const paste = (text: string): void => stdin.write(`\u001b[200~${text}\u001b[201~`);
	const before = store.getState();
	paste('q\r?jj\u001b[B');
	await turn();
	assert.equal(store.getState(), before);
	stdin.write('/');
	paste('trainer-1\r\n  trainer-2\r\n');
	await turn();
	assert.match(lastFrame() ?? '', /trainer-1 trainer-2/);
	paste('\u001b[31mx\u0007');
	await turn();
	assert.equal(lastFrame()?.includes('\u0007'), false);
});
