import {execFileSync} from 'node:child_process';
import {setTimeout as sleep} from 'node:timers/promises';
import * as z from 'zod';
import {program} from '../helpers/real-terminal.ts';
import type {BuiltCommit} from './build-commit.ts';
import {formatRatio, formatValue} from './format-value.ts';
import {openForKeys, pressKeys} from './measure-keys.ts';
import {startInTurns} from './measure-start.ts';
import type {Unit} from './measures.ts';
import {openMetered} from './metered-terminal.ts';
import type {Options} from './options.ts';
import {builtProgram, plainNode, quitKey} from './programs.ts';
import {nodeName} from './results.ts';
import {startSimulatedBaseten} from './simulated-baseten.ts';
import {median, quantile} from './statistics.ts';
import {alignColumns} from './table.ts';

/**
 * A measurement of both builds. The values with the same index in `before` and `now` were measured simultaneously, or
 * one right after the other.
 */
export type Compared = {
	readonly what: string;
	readonly unit: Unit;
	readonly before: readonly number[];
	readonly now: readonly number[];
	/** The measurement of Node.js itself; the values are also reported as multiples of it. */
	readonly node?: readonly number[];
};

const root = new URL('../..', import.meta.url).pathname;
const wide = {columns: 160, rows: 45};

/** The time after which startup is over and its garbage has been collected, in milliseconds. */
const settleMs = 5000;

/** How many times per minute the resource use of the programs is sampled while they receive no input. */
const looksPerMinute = 2;

/** Measures a commit and the working tree in the same run, so that the load of the machine affects both equally. */
export async function compareWith(commit: BuiltCommit, {only, rounds, minutes}: Options): Promise<readonly Compared[]> {
	const measured: Compared[] = [];
	const four = await startSimulatedBaseten('steady');
	if (only.includes('start')) {
		measured.push(...(await compareStarts(commit, four, rounds)));
	}

	if (only.includes('steady')) {
		measured.push(...(await compareSteady(commit, four, minutes)));
	}

	await four.close();
	if (only.includes('keys')) {
		measured.push(...(await compareKeys(commit, rounds)));
	}

	if (only.includes('inside')) {
		measured.push(...comparePolls(commit, rounds));
	}

	return measured;
}

type Baseten = Awaited<ReturnType<typeof startSimulatedBaseten>>;

function bothPrograms(commit: BuiltCommit, baseten: Baseten, ...args: readonly string[]) {
	return [
		builtProgram('before', commit.program, baseten, ...args),
		builtProgram('now', program, baseten, ...args),
	] as const;
}

async function compareStarts(commit: BuiltCommit, baseten: Baseten, rounds: number): Promise<readonly Compared[]> {
	const starts = await startInTurns(bothPrograms(commit, baseten), rounds);
	const of = (name: string, key: 'startMs' | 'dataMs' | 'cpuMs'): readonly number[] =>
		(starts.get(name) ?? []).map(start => start[key]);
	return (
		[
			['first frame', 'startMs'],
			['first frame with data', 'dataMs'],
			['CPU until then', 'cpuMs'],
		] as const
	).map(([what, key]) => ({what, unit: 'ms', before: of('before', key), now: of('now', key), node: of(nodeName, key)}));
}

/** Measures both builds side by side without input, next to an idle Node.js process. */
async function compareSteady(commit: BuiltCommit, baseten: Baseten, minutes: number): Promise<readonly Compared[]> {
	const programs = [...bothPrograms(commit, baseten), plainNode('process.stdin.resume()')];
	const open = [];
	for (const {command, env, hasData} of programs) {
		const terminal = openMetered({command, env, ...wide});
		await terminal.when(hasData);
		open.push({terminal, looks: [terminal.usage()], bytes: [terminal.bytes()]});
	}

	await sleep(settleMs);
	for (let look = 0; look <= minutes * looksPerMinute; look++) {
		for (const {terminal, looks, bytes} of open) {
			looks[look] = terminal.usage();
			bytes[look] = terminal.bytes();
		}

		await sleep(60_000 / looksPerMinute);
	}

	await Promise.all(open.map(async ({terminal}, index) => terminal.close(index < 2 ? quitKey : '\u0003')));
	const [before, now, node] = open.map(({looks, bytes}) => ({
		resident: looks.slice(-1).map(({residentBytes}) => residentBytes),
		private: looks.slice(-1).flatMap(({privateBytes}) => privateBytes ?? []),
		cpu: differences(looks.map(({cpuSeconds}) => cpuSeconds)).map(seconds => seconds * looksPerMinute),
		written: differences(bytes).map(count => (count * looksPerMinute) / 60),
	}));
	const compare = (what: string, unit: Unit, key: 'resident' | 'private' | 'cpu' | 'written'): Compared => ({
		what,
		unit,
		before: before?.[key] ?? [],
		now: now?.[key] ?? [],
		...(unit === 'bytes' ? {node: node?.[key] ?? []} : {}),
	});
	return [
		compare('private memory', 'bytes', 'private'),
		compare('resident memory', 'bytes', 'resident'),
		compare('CPU, steady', 's/min', 'cpu'),
		compare('to the terminal', 'bytes/s', 'written'),
	];
}

async function compareKeys(commit: BuiltCommit, rounds: number): Promise<readonly Compared[]> {
	const baseten = await startSimulatedBaseten('fleet');
	const terminals = await Promise.all(bothPrograms(commit, baseten, '--interval', '1h').map(openForKeys));
	const medians: number[][] = [[], []];
	const slow: number[][] = [[], []];
	// The first round is a warm-up.
	for (let round = 0; round <= rounds; round++) {
		for (const [index, terminal] of terminals.entries()) {
			const times = await pressKeys(terminal);
			if (round > 0) {
				medians[index]?.push(median(times));
				slow[index]?.push(quantile(times, 0.95));
			}
		}
	}

	await Promise.all(terminals.map(async terminal => terminal.close(quitKey)));
	await baseten.close();
	const compare = (what: string, [before = [], now = []]: readonly number[][]): Compared => ({
		what,
		unit: 'ms',
		before,
		now,
	});
	return [compare('key to frame, 16×8 GPUs, median', medians), compare('key to frame, 16×8 GPUs, p95', slow)];
}

const polls = z.object({tails: z.array(z.object({cpuMs: z.number()}))});

/** Measures the builds alternately, each with the benchmark programs of its own source tree. */
function comparePolls(commit: BuiltCommit, rounds: number): readonly Compared[] {
	const script = `
		const {measureInside} = await import('./test/bench/measure-inside.ts');
		const message = await measureInside('poll.ts', {parse: value => value}, ${rounds});
		console.log(JSON.stringify(message));`;
	const measure = (folder: string): number => {
		const args = ['--import=tsx', '--input-type=module', '-e', script];
		const {tails} = polls.parse(JSON.parse(execFileSync(process.execPath, args, {cwd: folder, encoding: 'utf8'})));
		return median(tails.map(({cpuMs}) => cpuMs));
	};
	const before: number[] = [];
	const now: number[] = [];
	for (let turn = 0; turn < 3; turn++) {
		before.push(measure(commit.root));
		now.push(measure(root));
	}

	return [{what: 'one poll of 64×8 GPUs, main thread', unit: 'ms', before, now}];
}

function differences(values: readonly number[]): readonly number[] {
	return values.slice(1).map((value, index) => value - (values[index] ?? Number.NaN));
}

/**
 * Returns a table with a row for each measurement: the medians of the commit `name` and of the working tree, also as
 * multiples of Node.js's median, and the ratio of the second to the first. The ratio is the median of the ratios of all
 * pairs, followed by the lowest and the highest of them.
 */
export function comparison(name: string, all: readonly Compared[]): string {
	const rows = all.map(({what, unit, before, now, node}) => {
		const ratios = now.map((value, index) => value / (before[index] ?? Number.NaN)).filter(Number.isFinite);
		const spread = ratios.length < 2 ? '' : `${threeOf(Math.min(...ratios))}–${threeOf(Math.max(...ratios))}`;
		const inNodes = (values: readonly number[]): string =>
			node === undefined ? '' : formatRatio(median(values) / median(node));
		return [
			what,
			formatValue(median(before), unit),
			inNodes(before),
			formatValue(median(now), unit),
			inNodes(now),
			ratios.length === 0 ? '–' : threeOf(median(ratios)),
			spread,
		];
	});
	return alignColumns([['', name, 'of Node', 'now', 'of Node', `of ${name}`, 'lowest–highest'], ...rows]);
}

function threeOf(ratio: number): string {
	return ratio.toFixed(2);
}
