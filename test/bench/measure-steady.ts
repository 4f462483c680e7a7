import {setTimeout as sleep} from 'node:timers/promises';
import type {Values} from './measures.ts';
import {type MeteredTerminal, openMetered} from './metered-terminal.ts';
import {type Program, plainNode, quitKey} from './programs.ts';

const wide = {columns: 160, rows: 45};
const usual = {columns: 80, rows: 24};

/** The time after which one-time startup work is done, in milliseconds. */
const settleMs = 5000;

type Open = {readonly name: string; readonly isWide: boolean; readonly terminal: MeteredTerminal};

/** The resources that a program used while it received no input; memory is measured at the end, in bytes. */
type Steady = {
	readonly bytesPerSecond: number;
	readonly bytesPerBurst: number;
	readonly cpuPerMinute: number;
	readonly residentBytes: number;
	readonly privateBytes: number | undefined;
};

/**
 * Measures all programs while they run without input for a number of minutes: simultaneously, each in two terminals of
 * different sizes, and next to an idle Node.js process. Programs that show no data are left out.
 */
export async function measureSteady(
	programs: readonly Program[],
	minutes: number,
): Promise<ReadonlyMap<string, Values>> {
	const node = plainNode('process.stdin.resume()');
	const nodeTerminal = openMetered({...node, ...usual});
	const open: Open[] = [];
	for (const program of programs) {
		for (const size of [wide, usual]) {
			const terminal = openMetered({...program, ...size});
			if ((await terminal.when(program.hasData)) === undefined) {
				await terminal.close(quitKey);
			} else {
				open.push({name: program.name, isWide: size === wide, terminal});
			}
		}
	}

	await sleep(settleMs);
	const steadies = await Promise.all(
		open.map(async ({terminal, ...which}) => ({...which, steady: await measure(terminal, minutes)})),
	);
	const {residentBytes, privateBytes} = nodeTerminal.usage();
	const values = new Map<string, Values>([[node.name, {residentBytes, ...known(privateBytes)}]]);
	for (const {name, isWide, steady} of steadies) {
		values.set(name, {...values.get(name), ...named(steady, isWide)});
	}

	await Promise.all(open.map(async ({terminal}) => terminal.close(quitKey)));
	await nodeTerminal.close('\u0003');
	return values;
}

function known(privateBytes: number | undefined): Values {
	return privateBytes === undefined ? {} : {privateBytes};
}

function named(steady: Steady, isWide: boolean): Values {
	const {bytesPerSecond, bytesPerBurst, cpuPerMinute, residentBytes, privateBytes} = steady;
	return isWide
		? {
				wideBytesPerSecond: bytesPerSecond,
				wideBytesPerBurst: bytesPerBurst,
				wideCpu: cpuPerMinute,
				residentBytes,
				...known(privateBytes),
			}
		: {
				usualBytesPerSecond: bytesPerSecond,
				usualBytesPerBurst: bytesPerBurst,
				usualCpu: cpuPerMinute,
				usualResidentBytes: residentBytes,
			};
}

async function measure(terminal: MeteredTerminal, minutes: number): Promise<Steady> {
	const before = {atMs: terminal.elapsedMs(), bytes: terminal.bytes(), bursts: terminal.bursts(), ...terminal.usage()};
	await sleep(minutes * 60_000);
	const seconds = (terminal.elapsedMs() - before.atMs) / 1000;
	const bytes = terminal.bytes() - before.bytes;
	const {cpuSeconds, residentBytes, privateBytes} = terminal.usage();
	return {
		bytesPerSecond: bytes / seconds,
		bytesPerBurst: bytes / Math.max(terminal.bursts() - before.bursts, 1),
		cpuPerMinute: ((cpuSeconds - before.cpuSeconds) / seconds) * 60,
		residentBytes,
		privateBytes,
	};
}
