import type {Values} from './measures.ts';
import {type MeteredTerminal, openMetered} from './metered-terminal.ts';
import {type Program, quitKey} from './programs.ts';
import {median, quantile} from './statistics.ts';

/**
 * The keys of frequently used views: the nodes, the cursor, sorting, the help, and a pane in full screen. After the
 * last key, the cursor, the help, and full screen are off again.
 */
const keys = [
	'j',
	'j',
	'k',
	'\u001b[6~',
	'g',
	'\t',
	'c',
	'\u001b[D',
	'\u001b[C',
	'c',
	's',
	'S',
	'?',
	'?',
	'4',
	'f',
	'j',
	'f',
];

/**
 * The time without output before the next keypress, in milliseconds. Ink draws at most fifteen frames per second, so
 * the frame for an earlier keypress would be delayed.
 */
const betweenKeysMs = 100;

/**
 * Returns the median and the 95th percentile of the time from a keypress to the end of its frame, and the CPU time per
 * keypress, all in milliseconds, for the program in a real terminal.
 */
export async function measureKeys(program: Program, rounds: number): Promise<Values> {
	const terminal = await openForKeys(program);
	const times: number[] = [];
	// The first round is a warm-up.
	let cpuSeconds = 0;
	for (let round = 0; round <= rounds; round++) {
		const before = terminal.usage();
		const took = await pressKeys(terminal);
		times.push(...(round > 0 ? took : []));
		cpuSeconds += round > 0 ? terminal.usage().cpuSeconds - before.cpuSeconds : 0;
	}

	await terminal.close(quitKey);
	return {
		keyMs: median(times),
		keyP95Ms: quantile(times, 0.95),
		keyCpuMs: (cpuSeconds * 1000) / (rounds * keys.length),
	};
}

/** Starts a program in a terminal, and waits until it has drawn its data. */
export async function openForKeys({command, env, hasData}: Program): Promise<MeteredTerminal> {
	const terminal = openMetered({command, env, columns: 160, rows: 45});
	await terminal.when(hasData);
	await terminal.quiet(500);
	return terminal;
}

/** Presses all keys in order, and returns the time for each keypress that changed something, in milliseconds. */
export async function pressKeys(terminal: MeteredTerminal): Promise<readonly number[]> {
	const times: number[] = [];
	for (const key of keys) {
		const tookMs = await timeKey(terminal, key);
		times.push(...(tookMs === undefined ? [] : [tookMs]));
	}

	return times;
}

/**
 * Presses a key, and returns the time until its frame was written, in milliseconds; undefined if the key changed
 * nothing on the screen.
 */
async function timeKey(terminal: MeteredTerminal, key: string): Promise<number | undefined> {
	const bytes = terminal.bytes();
	const pressedMs = terminal.elapsedMs();
	terminal.press(key);
	await terminal.quiet(betweenKeysMs);
	return terminal.bytes() === bytes ? undefined : terminal.lastAtMs() - pressedMs;
}
