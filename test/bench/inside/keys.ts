/** Measures the time from each keypress to its frame, at 160×45, with 64 nodes of 8 GPUs each over 24 hours. */
import process from 'node:process';
import {findWindow, type WindowName, windows} from '../../../source/metrics/windows.ts';
import {drawApp} from './drawn-app.tsx';
import {dispatchNext, filledStore} from './filled-store.ts';
import {beganAtMs, simulationOf} from './simulated-responses.ts';
import {settle, type Took, timeFrame} from './time-frame.ts';

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
	['cursor hidden', 'c'],
	['pan back', '\u001b[D'],
	['pan forward', '\u001b[C'],
	['window', '+'],
	['window back', '-'],
	['sort', 's'],
	['heat map', '4f'],
	['heat map: down', 'j'],
	['heat map: page', '\u001b[6~'],
	['heat map: last', 'G'],
	['heat map: cursor', 'c'],
	['heat map: cursor back', '\u001b[D'],
	['heat map: cursor hidden', 'c'],
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

const windowOf = (name: WindowName) => findWindow(name) ?? windows[0];
const simulation = simulationOf({nodes: 64, gpusPerNode: 8});
const store = filledStore(simulation, windowOf('12h'));
store.dispatch({type: 'changeWindow', by: 1});
dispatchNext(store, simulation, windowOf('24h'), beganAtMs);
const {screen, keyboard} = drawApp(store, {columns: 160, rows: 45}, 1000);
await settle();

const rounds = Number(process.argv[2]);
const took = new Map<string, Took[]>();
// The first round is a warm-up.
for (let round = 0; round <= rounds; round++) {
	for (const [name, bytes] of keys) {
		const one = await timeFrame(screen, () => keyboard.write(bytes));
		if (round > 0 && one !== undefined) {
			took.set(name, [...(took.get(name) ?? []), one]);
		}
	}
}

process.send?.(Object.fromEntries(took), () => process.exit());
