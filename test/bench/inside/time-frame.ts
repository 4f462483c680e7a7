import process from 'node:process';
import type {CountingScreen} from './counting-terminal.ts';

/** From something that happens to the last write of its frame, in milliseconds: on the clock, and of this thread's processor time. */
export type Took = {readonly wallMs: number; readonly cpuMs: number};

/** No frame of one event is in two pieces further apart than this. */
const frameEndMs = 20;

/** What draws nothing by then draws nothing. */
const timeoutMs = 150;

const later = async (milliseconds: number): Promise<void> =>
	new Promise(resolve => {
		setTimeout(resolve, milliseconds);
	});

/** Runs something and measures the time until its frame is written. Undefined if no frame is. */
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

/** Lets what was begun come to its end. */
export async function settle(): Promise<void> {
	await later(500);
}
