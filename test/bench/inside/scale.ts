/**
 * Measures the costs of a fleet with a given number of nodes: the time to process a response, the time from a keypress
 * to its frame, and the stored bytes, in total and per point.
 */
import process from 'node:process';
import {defaultWindow} from '../../../source/metrics/windows.ts';
import {drawApp} from './drawn-app.tsx';
import {dispatchText, filledStore, nextPlan} from './filled-store.ts';
import {heldBytes} from './held-bytes.ts';
import {beganAtMs, responseText, simulationOf} from './simulated-responses.ts';
import {timeFrame} from './time-frame.ts';

const nodes = Number(process.argv[2]);
const rounds = Number(process.argv[3]);
const gpusPerNode = 8;
const nextMs = beganAtMs + defaultWindow.stepMs;

const median = (values: readonly number[]): number =>
	values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function millisecondsOf(act: () => void): number {
	const beganMs = performance.now();
	act();
	return performance.now() - beganMs;
}

const simulation = simulationOf({nodes, gpusPerNode});
const emptyBytes = await heldBytes();
const store = filledStore(simulation, defaultWindow);
const filledBytes = await heldBytes();
const points = (nodes * gpusPerNode * 2 * defaultWindow.lengthMs) / defaultWindow.stepMs;

const {screen, keyboard, close} = drawApp(store, {columns: 160, rows: 45}, 1000);
const plan = nextPlan(store, defaultWindow, nextMs);
const text = responseText(simulation, plan.query, nextMs);
const polls = Array.from({length: rounds}, () =>
	millisecondsOf(() => dispatchText(store, defaultWindow, text, plan, nextMs)),
);
const keys: number[] = [];
for (let round = 0; round < 2 * rounds; round++) {
	const took = await timeFrame(screen, () => keyboard.write(round % 2 === 0 ? 'j' : 'k'));
	keys.push(...(took === undefined ? [] : [took.wallMs]));
}

close();
process.send?.(
	{
		pollMs: median(polls),
		keyMs: median(keys),
		slowestKeyMs: Math.max(...keys),
		heldBytes: filledBytes - emptyBytes,
		bytesPerPoint: (filledBytes - emptyBytes) / points,
	},
	() => process.exit(),
);
