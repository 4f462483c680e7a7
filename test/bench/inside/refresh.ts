/** Measures the numbers of frames and bytes that polls write to a terminal of a given size. */
import process from 'node:process';
import {watchSimulation} from './watch-simulation.ts';

const [columns = 0, rows = 0, polls = 0] = process.argv.slice(2).map(Number);
const intervalMs = 10_000;

const {screen, pass, polls: polled, close} = await watchSimulation({columns, rows}, intervalMs);
await pass(1000);
const before = {bytes: screen.bytes, frames: screen.frames, polls: polled()};
await pass(polls * intervalMs);
process.send?.({
	bytes: screen.bytes - before.bytes,
	frames: screen.frames - before.frames,
	polls: polled() - before.polls,
});
await close();
process.disconnect();
