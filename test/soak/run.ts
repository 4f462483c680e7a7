/**
 * Polls many times at high speed, with keystrokes, resizes, failures, and changing nodes, and measures retained memory:
 * `node --expose-gc --import=tsx test/soak/run.ts [POLLS]`, ten thousand by default. The last line of the output is
 * JSON: the measurement before the first poll, the ranges in the first and the last tenth, and what is left at the end.
 */
import process from 'node:process';
import {createClient} from '../../source/api/client.ts';
import {createTransport, type Transport} from '../../source/api/http.ts';
import {Secret} from '../../source/api/secret.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {poll} from '../../source/polling/poller.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {createStore, type Store} from '../../source/state/store.ts';
import type {Size} from '../../source/view/layout.ts';
import {drawApp} from '../bench/inside/drawn-app.tsx';
import {heldBytes} from '../bench/inside/held-bytes.ts';
import {ChangingService} from './changing-service.ts';
import {beginVirtualTime} from './virtual-time.ts';

const polls = Number(process.argv[2] ?? 10_000);
const looks = 20;
const beganAtMs = Date.UTC(2026, 10, 23, 9, 5, 42);
const intervalMs = 10_000;

/**
 * The keys, which are pressed in turn: for moves, windows, the cursor, earlier ranges, panes, sorting, the filter,
 * findings, help, pauses, logs, and the sampler.
 */
const keys: readonly string[] = [
	...'j k \t + - - c \u001b[D \u001b[D \u001b \u001b[D \u001b[C = 4 f j \r j \r f s S /gpu<50\r j /\u0015\r'.split(' '),
	...'n j \r \u001b = ? \u001b[6~ ? p p v r l j k l 5 f \r \r f < > G g ] [ 1 f f 2 3 t r t ='.split(' '),
];

const wide: Size = {columns: 160, rows: 45};
const sizes: readonly Size[] = [
	wide,
	{columns: 80, rows: 24},
	{columns: 40, rows: 45},
	{columns: 30, rows: 10},
	{columns: 100, rows: 30},
	{columns: 15, rows: 3},
	{columns: 240, rows: 60},
];

/** The number of polls so far, and the memory and the objects that are retained at that time. */
type Held = Readonly<Record<'polls' | 'megabytes' | 'timers' | 'listeners' | 'handles', number>>;

/** Returns the minimum and the maximum of each value. */
function rangeOf(looks: readonly Held[]): object {
	const names = ['polls', 'megabytes', 'timers', 'listeners', 'handles'] as const;
	return Object.fromEntries(
		names.map(name => {
			const values = looks.map(held => held[name]);
			return [name, {least: Math.min(...values), most: Math.max(...values)}];
		}),
	);
}

/** Returns a store that counts its listeners, and a function that returns their number. */
function countListeners(store: Store): {readonly store: Store; readonly listeners: () => number} {
	let listeners = 0;
	const subscribe: Store['subscribe'] = listener => {
		const unsubscribe = store.subscribe(listener);
		listeners++;
		return () => {
			listeners--;
			unsubscribe();
		};
	};
	return {store: {...store, subscribe}, listeners: () => listeners};
}

const service = new ChangingService(beganAtMs);
let asking = 0;
const time = beginVirtualTime(beganAtMs, () => asking > service.hanging);
const secret = new Secret('a-key-for-nobody');
const ask = createTransport({
	apiUrl: await service.open(),
	secret: () => secret,
	userAgent: 'soak',
	timeoutMs: 30_000,
});
const transport: Transport = async (inquiry, signal) => {
	asking++;
	try {
		return await ask(inquiry, signal);
	} finally {
		asking--;
	}
};
const {store, listeners} = countListeners(
	createStore(
		initialState({
			target: {kind: 'deployment', id: 'k4q95w5'},
			host: 'host',
			window: defaultWindow,
			intervalMs,
			nowMs: beganAtMs,
		}),
	),
);
const stopping = new AbortController();
const clock = {now: Date.now, elapsed: () => performance.now()};
const poller = poll(
	{client: createClient(transport), store, clock, random: () => 0.5, renewKey: async () => undefined},
	stopping.signal,
);
const {screen, keyboard, close, closed} = drawApp(store, wide, 15);

/** Returns the current sizes of everything that could grow. */
async function look(): Promise<Held> {
	// This also releases the data that V8 caches for speed, such as compiled code, which grows for hours.
	globalThis.gc?.({type: 'major', execution: 'sync', flavor: 'last-resort'});
	const bytes = await heldBytes();
	const emitters = [screen, process, process.stdout, process.stdin];
	const events = emitters.flatMap(emitter => emitter.eventNames().map(name => emitter.listenerCount(name)));
	return {
		polls: service.polls,
		megabytes: Math.round(bytes / 2 ** 16) / 16,
		timers: time.pending(),
		listeners: listeners() + events.reduce((sum, count) => sum + count, 0),
		handles: process.getActiveResourcesInfo().length,
	};
}

const before = await look();
const seen: Held[] = [];
let nextLook = Math.ceil(polls / looks);
for (let turn = 0; service.polls < polls; turn++) {
	await time.pass(intervalMs / 2);
	keyboard.write(keys[turn % keys.length] ?? '');
	if (turn % 5 === 0) {
		screen.resize(sizes[(turn / 5) % sizes.length] ?? wide);
	}

	await time.pass(intervalMs / 2);
	if (service.polls >= nextLook) {
		const held = await look();
		process.stdout.write(`${JSON.stringify(held)}\n`);
		seen.push(held);
		nextLook += Math.ceil(polls / looks);
	}
}

close();
stopping.abort();
await time.pass(intervalMs);
await poller;
await closed;
await service.close();
await time.pass(intervalMs);
const left = {...(await look()), ofTheStore: listeners(), frames: screen.frames};
const tenth = looks / 10;
const report = {before, first: rangeOf(seen.slice(0, tenth)), last: rangeOf(seen.slice(-tenth)), left};
process.stdout.write(`${JSON.stringify(report)}\n`);
