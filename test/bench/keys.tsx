/**
 * How long a key takes until its frame is written: the whole program but for the network, at 160×45, with 64 nodes of 8
 * GPUs over 24 hours. Run by `npm run bench`.
 */
import {EventEmitter} from 'node:events';
import {render} from 'ink';
import {readDeployment} from '../../source/api/deployment.ts';
import {App} from '../../source/components/app.tsx';
import {deploymentBody, metricsBody} from '../../source/demo/bodies.ts';
import {createSimulation, type Setting} from '../../source/demo/simulation.ts';
import {findWindow, type Window} from '../../source/metrics/windows.ts';
import {initialState} from '../../source/state/state.ts';
import {createStore, type Store} from '../../source/state/store.ts';
import {createPaint} from '../../source/theme.ts';
import {answerOf} from '../helpers/answers.ts';

const nowMs = Date.UTC(2026, 10, 23, 9, 5, 42);
const setting: Setting = {scenario: 'straggler', seed: 1, startedAtMs: nowMs, nodes: 64, gpusPerNode: 8};
const simulation = createSimulation(setting);

function answer(window: Window, startMs: number, endMs: number) {
	const {metrics} = metricsBody(simulation, {startMs, endMs, stepMs: window.stepMs}, nowMs) as {metrics: object};
	return answerOf(metrics);
}

function windowOf(name: string): Window {
	const window = findWindow(name);
	if (window === undefined) {
		throw new Error(name);
	}

	return window;
}

/** Tells the store what the server would answer for a window up to now. */
function tell(store: Store, name: string): void {
	const window = windowOf(name);
	const endMs = Math.ceil(nowMs / window.stepMs) * window.stepMs;
	const startMs = endMs - window.lengthMs;
	const range = {startMs, endMs, whole: true};
	store.dispatch({
		type: 'answered',
		window: name,
		answer: answer(window, startMs, endMs),
		range,
		atMs: nowMs,
		tookMs: 9,
	});
}

/** A terminal that counts frames. */
class Screen extends EventEmitter {
	readonly isTTY = true;
	columns = 160;
	rows = 45;
	bytes = 0;

	write(data: string): boolean {
		this.bytes += Buffer.byteLength(data);
		this.emit('frame');
		return true;
	}
}

class Keyboard extends EventEmitter {
	readonly isTTY = true;
	#pending: string | null = null;

	press(keys: string): void {
		this.#pending = keys;
		this.emit('readable');
	}

	read(): string | null {
		const keys = this.#pending;
		this.#pending = null;
		return keys;
	}

	setRawMode(): void {}
	setEncoding(): void {}
	ref(): void {}
	unref(): void {}
}

const keys: ReadonlyArray<readonly [name: string, bytes: string]> = [
	['down', 'j'],
	['up', 'k'],
	['last', 'G'],
	['first', 'g'],
	['page down', '\u001b[6~'],
	['focus', '\t'],
	['cursor', 'c'],
	['cursor back', '\u001b[D'],
	['cursor back', '\u001b[D'],
	['cursor away', 'c'],
	['pan back', '\u001b[D'],
	['pan forth', '\u001b[C'],
	['window', '+'],
	['window back', '-'],
	['sort', 's'],
	['heat map', '4f'],
	['heat map: down', 'j'],
	['heat map: page', '\u001b[6~'],
	['heat map: last', 'G'],
	['heat map: cursor', 'c'],
	['heat map: cursor back', '\u001b[D'],
	['heat map: cursor away', 'c'],
	['a GPU', '\r'],
	['next GPU', 'j'],
	['back', '\r'],
	['heat map closed', 'f'],
	['nodes', '5f'],
	['nodes: down', 'j'],
	['nodes: sort', 's'],
	['a node', '\r'],
	['nodes closed', '\rf'],
	['filter', '/'],
	['filter: a character', 'g'],
	['filter dropped', '\u001b'],
	['findings', 'n'],
	['findings closed', 'n'],
	['help', '?'],
	['help closed', '?'],
];

const store = createStore(
	initialState({
		watched: {kind: 'deployment', id: 'k4q95w5'},
		host: 'host',
		window: windowOf('24h'),
		intervalMs: 10_000,
		nowMs,
	}),
);
for (const name of ['12h', '24h', '1h']) {
	tell(store, name);
}

const deployment = readDeployment({deployment: deploymentBody(setting, nowMs)});
if (deployment !== undefined) {
	store.dispatch({type: 'described', deployment, atMs: nowMs});
}

const screen = new Screen();
const keyboard = new Keyboard();
render(
	<App
		store={store}
		paint={createPaint({color: 'auto', symbols: 'block', theme: 'dark', level: 3})}
		plain={false}
		zone="utc"
		hasKeys
		copy={() => true}
		suspend={async () => undefined}
	/>,
	{
		stdout: screen as unknown as NodeJS.WriteStream,
		stdin: keyboard as unknown as NodeJS.ReadStream,
		alternateScreen: true,
		incrementalRendering: true,
		interactive: true,
		exitOnCtrlC: false,
		maxFps: 1000,
		patchConsole: false,
	},
);

const nextTurn = async (milliseconds: number): Promise<void> =>
	new Promise(resolve => {
		setTimeout(resolve, milliseconds);
	});

/** Milliseconds from a key to the last write of its frame. */
async function time(bytes: string): Promise<number> {
	const began = performance.now();
	let last = began;
	const onFrame = (): void => {
		last = performance.now();
	};
	screen.on('frame', onFrame);
	keyboard.press(bytes);
	// A lone escape waits for what may follow it.
	await nextTurn(120);
	screen.off('frame', onFrame);
	return last - began;
}

const rounds = Number(process.argv[2] ?? 5);
const times = new Map<string, number[]>();
await nextTurn(500);
for (let round = 0; round < rounds + 2; round++) {
	for (const [name, bytes] of keys) {
		const took = await time(bytes);
		// The first rounds warm up.
		if (round >= 2) {
			times.set(name, [...(times.get(name) ?? []), took]);
		}
	}
}

const quantile = (values: readonly number[], part: number): number =>
	[...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN;
for (const [name, values] of times) {
	process.stdout.write(
		`${name.padEnd(24)}median ${quantile(values, 0.5).toFixed(1)} ms, worst ${quantile(values, 1).toFixed(1)} ms\n`,
	);
}

const all = [...times.values()].flat();
process.stdout.write(`all: median ${quantile(all, 0.5).toFixed(1)} ms, p95 ${quantile(all, 0.95).toFixed(1)} ms\n`);
process.exit(0);
