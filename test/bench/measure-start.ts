import {execFileSync} from 'node:child_process';
import process from 'node:process';
import type {Values} from './measures.ts';
import {openMetered} from './metered-terminal.ts';
import {type Program, plainNode, quitKey} from './programs.ts';
import {nodeName} from './results.ts';
import {median} from './statistics.ts';

/** One start: the times until the first frame and until data is shown, and the CPU time until then, in milliseconds. */
export type Start = {readonly startMs: number; readonly dataMs: number; readonly cpuMs: number};

const size = {columns: 160, rows: 45};

/**
 * Measures every program the given number of times, alternating between them, so that the load of the machine affects
 * them equally. Node.js is also measured: the time until `node -e 0` has exited.
 *
 * @returns the medians by program name, without programs that showed no data
 */
export async function measureStart(programs: readonly Program[], rounds: number): Promise<ReadonlyMap<string, Values>> {
	const starts = await startInTurns(programs, rounds);
	return new Map(
		[...starts].map(([name, all]) => [
			name,
			{
				startMs: median(all.map(({startMs}) => startMs)),
				startCpuMs: median(all.map(({cpuMs}) => cpuMs)),
				...(name === nodeName ? {} : {dataMs: median(all.map(({dataMs}) => dataMs))}),
			},
		]),
	);
}

/** Returns all measured starts of Node.js and of each program that showed its data, by program name. */
export async function startInTurns(
	programs: readonly Program[],
	rounds: number,
): Promise<ReadonlyMap<string, readonly Start[]>> {
	const node = plainNode('0');
	const starts = new Map<string, Start[]>();
	let drawing: readonly Program[] = [node, ...programs];
	// The first round isn't measured: it fills the caches, and shows which programs draw.
	for (let round = 0; round <= rounds; round++) {
		// The programs are started in both orders, because a program that is still exiting slows down the next one.
		for (const program of round % 2 === 0 ? drawing : drawing.toReversed()) {
			const start = program === node ? await startNode(node) : await startProgram(program);
			if (start === undefined) {
				drawing = drawing.filter(other => other !== program);
			} else if (round > 0) {
				starts.set(program.name, [...(starts.get(program.name) ?? []), start]);
			}
		}
	}

	return starts;
}

async function startNode({command, env}: Program): Promise<Start> {
	const terminal = openMetered({command, env, ...size});
	const endedMs = await terminal.ended;
	return {startMs: endedMs, dataMs: endedMs, cpuMs: nodeCpuMs()};
}

/**
 * Returns the CPU time of Node.js itself in milliseconds. Node.js prints this time before it exits, because the time
 * can't be determined afterward.
 */
function nodeCpuMs(): number {
	const script = 'process.on("exit",()=>{const {user,system}=process.cpuUsage();console.log((user+system)/1000)})';
	return Number(execFileSync(process.execPath, ['-e', script], {encoding: 'utf8'}));
}

async function startProgram({command, env, hasData}: Program): Promise<Start | undefined> {
	const terminal = openMetered({command, env, ...size});
	const startMs = await terminal.when(visible => visible.trim() !== '');
	const dataMs = await terminal.when(hasData);
	const cpuMs = dataMs === undefined ? 0 : terminal.usage().cpuSeconds * 1000;
	await terminal.close(quitKey);
	return startMs === undefined || dataMs === undefined ? undefined : {startMs, dataMs, cpuMs};
}
