import process from 'node:process';
import type {CountingScreen} from './counting-terminal.ts';

/** The time from an event to the last write of its frame, in milliseconds: wall-clock time, and this thread's CPU time. */
export type Took = {readonly wallMs: number; readonly cpuMs: number};

/** The maximum time between the pieces of a frame, in milliseconds. */
const frameEndMs = 20;

/** The time after which an event counts as one that draws nothing, in milliseconds. */
const timeoutMs = 150;

const later = async (milliseconds: number): Promise<void> =>
	new Promise(resolve => {
		setTimeout(resolve, milliseconds);
	});

/** Runs a function, and returns the time until its frame is written; undefined if there is no frame. */
export async function timeFrame(screen: CountingScreen, act: () => void): Promise<Took | undefined> {
	let took: Took | undefined;
	const cpu = process.threadCpuUsage();
	const beganMs = performance.now();
	const onFrame = (): void => {
		const {user, system} = process.threadCpuUsage(cpu);
		took = {wallMs: performance.now() - beganMs, cpuMs: (user + system) / 1000};
	};
	screen.on('frame', onFrame);
	act();
	for (let before: Took | undefined; ; before = took) {
		await later(frameEndMs);
		const isEnded = took !== undefined && took === before;
		if (isEnded || (took === undefined && performance.now() - beganMs > timeoutMs)) {
			break;
		}
	}

	screen.off('frame', onFrame);
	return took;
}

/** Waits 500 ms, which is enough for pending work to finish. */
export async function settle(): Promise<void> {
	await later(500);
}
