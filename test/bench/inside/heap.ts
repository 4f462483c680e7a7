/**
 * Measures the memory in use at up to 20 points in a series of polls of 4 nodes with 8 GPUs each, with one frame per
 * poll.
 */
import process from 'node:process';
import {defaultWindow} from '../../../source/metrics/windows.ts';
import {drawApp} from './drawn-app.tsx';
import {dispatchNext, filledStore} from './filled-store.ts';
import {heldBytes} from './held-bytes.ts';
import {beganAtMs, simulationOf} from './simulated-responses.ts';

const polls = Number(process.argv[2]);
const looks = 20;
const intervalMs = 10_000;
const simulation = simulationOf({nodes: 4, gpusPerNode: 8});
const store = filledStore(simulation, defaultWindow);
drawApp(store, {columns: 160, rows: 45}, 1000);

const held: Array<readonly [poll: number, bytes: number]> = [];
for (let poll = 1; poll <= polls; poll++) {
	dispatchNext(store, simulation, defaultWindow, beganAtMs + poll * intervalMs);
	await new Promise(setImmediate);
	if (poll % Math.ceil(polls / looks) === 0) {
		held.push([poll, await heldBytes()]);
	}
}

process.send?.({held}, () => process.exit());
