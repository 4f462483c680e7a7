/**
 * Measures the main thread's time for one poll of 64 nodes with 8 GPUs each: parsing the response, updating the state,
 * and drawing the frame.
 */
import process from 'node:process';
import {emptyHistory} from '../../../source/metrics/history.ts';
import {defaultWindow} from '../../../source/metrics/windows.ts';
import {planQuery, type QueryPlan} from '../../../source/polling/query-range.ts';
import {drawApp} from './drawn-app.tsx';
import {dispatchText, filledStore, nextPlan} from './filled-store.ts';
import {beganAtMs, responseText, simulationOf} from './simulated-responses.ts';
import {settle, type Took, timeFrame} from './time-frame.ts';

const rounds = Number(process.argv[2]);
const simulation = simulationOf({nodes: 64, gpusPerNode: 8});
const store = filledStore(simulation, defaultWindow);
const {screen} = drawApp(store, {columns: 160, rows: 45}, 1000);
await settle();

/** The number of warm-up rounds. */
const warmUps = 5;
let nowMs = beganAtMs;

/** Returns the times of polls. Each response is one step later than the previous one, so it contains new data. */
async function timePolls(plan: () => QueryPlan): Promise<readonly Took[]> {
	const all: Took[] = [];
	for (let round = 0; round < rounds + warmUps; round++) {
		nowMs += defaultWindow.stepMs;
		const asked = plan();
		const text = responseText(simulation, asked.query, nowMs);
		// Creating the response isn't part of the poll, so its garbage is collected before the measurement.
		globalThis.gc?.();
		const took = await timeFrame(screen, () => dispatchText(store, defaultWindow, text, asked, nowMs));
		if (round >= warmUps && took !== undefined) {
			all.push(took);
		}
	}

	return all;
}

const tails = await timePolls(() => nextPlan(store, defaultWindow, nowMs));
const wholes = await timePolls(() => planQuery(emptyHistory(defaultWindow), nowMs, {withStep: true}));
process.send?.({tails, wholes}, () => process.exit());
