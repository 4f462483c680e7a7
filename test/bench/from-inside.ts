import * as z from 'zod';
import {measureInside} from './measure-inside.ts';
import type {Values} from './measures.ts';
import type {Result} from './results.ts';
import {fitLine, median, quantile} from './statistics.ts';

const took = z.array(z.object({wallMs: z.number(), cpuMs: z.number()}));
const points = z.array(z.tuple([z.number(), z.number()]));

/** The number of consecutive polls in the measurement of heap growth, for each minute specified with `--minutes`. */
const pollsPerMinute = 1000;

/**
 * The number of polls that are ignored at the beginning of that measurement: while caches fill and code is optimized,
 * growth says nothing about leaks.
 */
const settledPolls = 3000;

const wall = (all: z.infer<typeof took>): readonly number[] => all.map(({wallMs}) => wallMs);
const cpu = (all: z.infer<typeof took>): readonly number[] => all.map(({cpuMs}) => cpuMs);

/** Measures the times of keypresses and polls, and heap growth, in processes without a network or a terminal. */
export async function measureAllInside(
	rounds: number,
	minutes: number,
): Promise<{readonly values: Values; readonly keys: Result['keys']}> {
	const byKey = await measureInside('keys.ts', z.record(z.string(), took), rounds);
	const {tails, wholes} = await measureInside('poll.ts', z.object({tails: took, wholes: took}), rounds);
	const heapPerPoll = await measureHeap(Math.round(pollsPerMinute * minutes));
	const all = Object.values(byKey).flat();
	const keys = Object.fromEntries(
		Object.entries(byKey).map(([name, one]) => [name, {wallMs: median(wall(one)), cpuMs: median(cpu(one))}]),
	);
	const values: Values = {
		longKeyMs: median(wall(all)),
		longKeyP95Ms: quantile(wall(all), 0.95),
		longKeyCpuMs: median(cpu(all)),
		pollMs: median(wall(tails)),
		pollCpuMs: median(cpu(tails)),
		wholePollMs: median(wall(wholes)),
		...(heapPerPoll === undefined ? {} : {heapPerPoll}),
	};
	return {values, keys};
}

/** Returns the number of bytes by which memory grows with each poll; undefined if there are too few polls. */
async function measureHeap(polls: number): Promise<number | undefined> {
	if (polls < 2 * settledPolls) {
		return undefined;
	}

	const {held} = await measureInside('heap.ts', z.object({held: points}), polls);
	return fitLine(held.filter(([poll]) => poll >= settledPolls)).slope;
}

/** Returns the growth of costs with the amount of data to draw and to store. */
export async function measureGrowth(rounds: number): Promise<Result['growth']> {
	const shape = z.object({frame: points, poll: points, memory: points});
	const {frame, poll, memory} = await measureInside('growth.ts', shape, rounds);
	return [
		{what: 'CPU of a frame', ...scaled(frame, 1000, 1), unit: 'ms for 1,000 cells'},
		{what: 'CPU of a poll', ...scaled(poll, 10_000, 1), unit: 'ms for 10,000 GPUs × points'},
		{what: 'held memory', ...scaled(memory, 10_000, 1e6), unit: 'MB for 10,000 GPUs × points'},
	];
}

/** The measurements of a large fleet: milliseconds, and the bytes stored in total and per point of a GPU's series. */
export type Scale = {
	readonly nodes: number;
	readonly pollMs: number;
	readonly keyMs: number;
	readonly slowestKeyMs: number;
	readonly heldBytes: number;
	readonly bytesPerPoint: number;
};

/** Measures fleets with these numbers of nodes, one after the other. */
export async function measureScale(counts: readonly number[], rounds: number): Promise<readonly Scale[]> {
	const number = z.number();
	const shape = z.object({
		pollMs: number,
		keyMs: number,
		slowestKeyMs: number,
		heldBytes: number,
		bytesPerPoint: number,
	});
	const all: Scale[] = [];
	for (const nodes of counts) {
		all.push({nodes, ...(await measureInside('scale.ts', shape, nodes, rounds))});
	}

	return all;
}

function scaled(all: z.infer<typeof points>, perX: number, perY: number): ReturnType<typeof fitLine> {
	return fitLine(all.map(([x, y]) => [x / perX, y / perY]));
}
