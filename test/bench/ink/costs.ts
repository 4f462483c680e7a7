/**
 * Measures the cost of a frame in Ink, without any part of this program: `NODE_ENV=production node --import=tsx
 * test/bench/ink/costs.ts`. A screen of 160×45 is drawn repeatedly, with a different number in its first line.
 */
import {Session} from 'node:inspector/promises';
import process from 'node:process';
import {type Instance, render} from 'ink';
import {CountingScreen, IdleInput} from '../inside/counting-terminal.ts';
import {median} from '../statistics.ts';
import {alignColumns} from '../table.ts';
import {columns, rows, type Screen, screens} from './screens.ts';

const frames = Number(process.argv[2] ?? 100);
const warmUps = 30;

/** The parts of a frame that take most of the time: modules of Ink and its dependencies, and garbage collection. */
const parts = [
	'string-width',
	'@alcalzone/ansi-tokenize',
	'ink/build/output',
	'ink/build/line-update',
	'yoga-layout',
	'react-reconciler',
	'garbage collector',
] as const;

/** The cost of one frame. Shares are fractions of the time spent working. */
type Cost = {
	readonly cpuMs: number;
	readonly allocatedBytes: number;
	readonly writtenBytes: number;
	readonly shares: ReadonlyMap<string, number>;
};

async function measure({draw}: Screen): Promise<Cost> {
	const screen = new CountingScreen({columns, rows});
	const app = render(draw(0), {
		stdout: screen as unknown as NodeJS.WriteStream,
		stdin: new IdleInput() as unknown as NodeJS.ReadStream,
		incrementalRendering: true,
		interactive: true,
		maxFps: 1000,
		patchConsole: false,
	});
	await drawFrames(app, draw, warmUps);
	const bytes = screen.bytes;
	const cpu = process.threadCpuUsage();
	const allocated = await drawFrames(app, draw, frames);
	const {user, system} = process.threadCpuUsage(cpu);
	const writtenBytes = (screen.bytes - bytes) / frames;
	const shares = await profile(async () => drawFrames(app, draw, frames));
	app.unmount();
	return {cpuMs: (user + system) / 1000 / frames, allocatedBytes: median(allocated), writtenBytes, shares};
}

/** Draws frames, and returns the heap growth in each, except for those in which garbage collection shrank the heap. */
async function drawFrames(app: Instance, draw: Screen['draw'], count: number): Promise<readonly number[]> {
	const grown: number[] = [];
	for (let frame = 1; frame <= count; frame++) {
		const before = process.memoryUsage().heapUsed;
		app.rerender(draw(frame));
		await app.waitUntilRenderFlush();
		const more = process.memoryUsage().heapUsed - before;
		grown.push(...(more > 0 ? [more] : []));
	}

	return grown;
}

/** Returns the share of the working time of `act` that each part takes. */
async function profile(act: () => Promise<unknown>): Promise<ReadonlyMap<string, number>> {
	const session = new Session();
	session.connect();
	await session.post('Profiler.enable');
	await session.post('Profiler.start');
	await act();
	const {
		profile: {nodes, samples = [], timeDeltas = []},
	} = await session.post('Profiler.stop');
	session.disconnect();
	const frameOf = new Map(nodes.map(({id, callFrame}) => [id, callFrame]));
	const times = new Map<string, number>();
	let worked = 0;
	for (const [index, id] of samples.entries()) {
		const {functionName = '', url = ''} = frameOf.get(id) ?? {};
		if (functionName !== '(idle)' && functionName !== '(program)') {
			const where = url === '' ? functionName : url;
			const part = parts.find(one => where.includes(one)) ?? 'other';
			const took = timeDeltas[index] ?? 0;
			worked += took;
			times.set(part, (times.get(part) ?? 0) + took);
		}
	}

	return new Map([...times].map(([part, time]) => [part, time / worked]));
}

const head = ['', 'CPU', 'allocated', 'written', ...parts.map(part => part.replace(/^.*\//, ''))];
const table = [head];
for (const screen of screens) {
	const {cpuMs, allocatedBytes, writtenBytes, shares} = await measure(screen);
	table.push([
		screen.name,
		`${cpuMs.toFixed(1)} ms`,
		`${(allocatedBytes / 1e6).toFixed(1)} MB`,
		`${Math.round(writtenBytes)} B`,
		...parts.map(part => `${Math.round((shares.get(part) ?? 0) * 100)} %`),
	]);
}

process.stdout.write(`${alignColumns(table)}\n`);
process.exit(0);
