import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openTerminal, type RealTerminal} from '../helpers/real-terminal.ts';
import type {Respond} from '../helpers/scripted-server.ts';
import {askedSchema, healthy, isMetrics} from '../helpers/served.ts';
import {startRig} from './rig.ts';

const gibibyte = 1024 ** 3;
const sampleMs = 30_000;
const computeLateMs = 10_000;
const dayMs = 86_400_000;

/** The samples that a server has up to a time. Their values depend on their age, but not on the time of day. */
class Samples {
	readonly newestMs: number;

	constructor(nowMs: number) {
		this.newestMs = Math.floor(nowMs / sampleMs) * sampleMs;
	}

	/** Returns the number of steps from a time to the newest sample. */
	ageOf(timeMs: number): number {
		return Math.round((this.newestMs - timeMs) / sampleMs);
	}

	/**
	 * Returns whether a sample is missing. Samples of requests are half a minute apart. Those of compute metrics
	 * are 10 s later, and every fourth one is missing. Both have gaps, the newest of which ended about 6 min ago.
	 */
	isLost(timeMs: number, kind: 'requests' | 'compute'): boolean {
		const age = this.ageOf(timeMs);
		const place = age % 40;
		return age < 0 || (place >= 12 && place < 20) || (kind === 'compute' && place % 4 === 2);
	}

	/** These values are derived from the position of a sample, so that they identify it. */
	readonly rate = (timeMs: number): number => (999 - this.ageOf(timeMs)) / 10;
	readonly latency = (timeMs: number): number => 100 + (999 - this.ageOf(timeMs)) / 2;
	readonly clientErrors = (timeMs: number): number => (999 - this.ageOf(timeMs)) % 50;
	readonly utilization = (timeMs: number): number => ((999 - this.ageOf(timeMs)) % 100) / 100;
	readonly cpu = (timeMs: number): number => ((999 - this.ageOf(timeMs)) % 90) + 0.5;

	readonly respond: Respond = request => {
		if (!isMetrics(request)) {
			return healthy({nodes: 2, gpus: 2})(request);
		}

		const {start_epoch_millis: start, end_epoch_millis: end} = askedSchema.parse(request.body);
		const times = (kind: 'requests' | 'compute'): readonly number[] => {
			const found: number[] = [];
			for (let time = Math.ceil(start / sampleMs) * sampleMs; time <= end; time += sampleMs) {
				if (!this.isLost(time, kind)) {
					found.push(time);
				}
			}

			return found;
		};
		const points = (value: (timeMs: number) => number): object =>
			times('compute').map(time => ({timestamp: new Date(time + computeLateMs).toISOString(), value: value(time)}));
		const at = times('requests').map(time => ({time, timestamp: new Date(time).toISOString()}));
		const node = {
			gpu_utilization: {0: points(this.utilization), 1: points(() => 0.5)},
			gpu_memory_usage_bytes: {0: points(() => 60 * gibibyte), 1: points(() => 60 * gibibyte)},
			cpu_usage: points(this.cpu),
			cpu_memory_usage_bytes: points(() => 300 * gibibyte),
			ephemeral_storage: {usage_bytes: points(() => 200 * gibibyte), utilization: points(() => 0.2)},
		};
		return {
			json: {
				metrics: {
					inference_volume: at.map(({time, timestamp}) => ({timestamp, value: this.rate(time)})),
					concurrent_requests: at.map(({timestamp}) => ({timestamp, value: 3})),
					response_time_stats: at.map(({time, timestamp}) => {
						const p50 = this.latency(time);
						return {timestamp, p50, p95: 2 * p50, p99: 3 * p50};
					}),
					inference_volume_by_status: at.map(({time, timestamp}) => {
						const client = this.clientErrors(time);
						return {timestamp, status_2xx: 100 - client, status_4xx: client, status_5xx: 0};
					}),
					...node,
					per_node_metrics: [
						{node_id: 't-0', ...node},
						{node_id: 't-1', ...node},
					],
				},
			},
		};
	};

	/** Returns the time of the sample nearest to a time of day; undefined if none is near enough to be shown for it. */
	nearest(secondOfDay: number, kind: 'requests' | 'compute'): number | undefined {
		const lateMs = kind === 'compute' ? computeLateMs : 0;
		const guess = new Date(this.newestMs).setUTCHours(0, 0, 0, 0) + secondOfDay * 1000;
		// Around midnight, the time can be on the day before or after that of the newest sample.
		const at = [guess - dayMs, guess, guess + dayMs].find(time => Math.abs(this.newestMs - time) < dayMs / 2) ?? guess;
		let best: number | undefined;
		for (let time = Math.round(at / sampleMs - 4) * sampleMs; time <= at + 4 * sampleMs; time += sampleMs) {
			const distance = Math.abs(time + lateMs - at);
			// A sample is shown only for times that are at most one step away.
			if (!this.isLost(time, kind) && distance <= sampleMs) {
				best = best === undefined || distance < Math.abs(best + lateMs - at) ? time : best;
			}
		}

		return best;
	}
}

/** Matches the time of the cursor in the header, regardless of the age of the newest sample. */
const cursorTime = /(?:live(?: · \w+ ago)?|history|last data [^·]+ ago ·) 1h at (\d\d):(\d\d):(\d\d)/;

/** Returns the values in the panes and the time in the header; a value that is shown as unknown is undefined. */
function readScreen(rows: readonly string[]) {
	const text = rows.join('\n');
	const read = (pattern: RegExp): number | undefined => {
		const match = pattern.exec(text);
		assert.ok(match, `${pattern} doesn't match:\n${text}`);
		return match[1] === '–' ? undefined : Number(match[1]);
	};
	const clock = cursorTime.exec(rows[0] ?? '');
	assert.ok(clock, rows[0]);
	const [hours = 0, minutes = 0, seconds = 0] = clock.slice(1).map(Number);
	return {
		secondOfDay: (hours * 60 + minutes) * 60 + seconds,
		rate: read(/1 Requests ─+ (–|[\d.]+)/),
		p50: read(/p50 (–|[\d.]+)/),
		client: read(/4xx[ ▇▏▎▍▌▋▊▉]+ (–|[\d.]+)/),
		utilization: read(/ 0 [▇▏ ]* (–|\d+)/),
		cpu: read(/t-0 .{4,8} +(?:–|\d+%) +(?:–|\d+%) +(?:–|\d+%) +(–|[\d.]+)/),
	};
}

function assertServed(rows: readonly string[], served: Samples): {readonly isGap: boolean} {
	const shown = readScreen(rows);
	const request = served.nearest(shown.secondOfDay, 'requests');
	const compute = served.nearest(shown.secondOfDay, 'compute');
	const of = (time: number | undefined, value: (timeMs: number) => number): number | undefined =>
		time === undefined ? undefined : value(time);
	const message = rows.join('\n');
	const near = (actual: number | undefined, expected: number | undefined, by: number): void => {
		assert.equal(actual === undefined, expected === undefined, message);
		assert.ok(Math.abs((actual ?? 0) - (expected ?? 0)) <= by, `${actual} isn't ${expected}\n${message}`);
	};
	near(shown.rate, of(request, served.rate), 0.06);
	near(shown.p50, of(request, served.latency), 0.51);
	near(shown.client, of(request, served.clientErrors), 0.06);
	near(
		shown.utilization,
		of(compute, time => served.utilization(time) * 100),
		0.51,
	);
	near(shown.cpu, of(compute, served.cpu), 0.06);
	return {isGap: request === undefined};
}

/**
 * Presses keys that move the cursor, and returns the screen. A frame can arrive in pieces, so this waits until the
 * panes show served values and the header shows another time for the cursor.
 */
async function press(terminal: RealTerminal, keys: string, served: Samples): Promise<readonly string[]> {
	const at = (rows: readonly string[]): string | undefined =>
		cursorTime
			.exec(rows[0] ?? '')
			?.slice(1)
			.join(':');
	const before = at(terminal.screen());
	terminal.press(keys);
	return terminal.waitFor(rows => at(rows) !== undefined && at(rows) !== before && isServed(rows, served));
}

function isServed(rows: readonly string[], served: Samples): boolean {
	try {
		assertServed(rows, served);
		return true;
	} catch {
		return false;
	}
}

for (const where of ['live', 'history'] as const) {
	test(`every pane shows the sample that was served for the time of the cursor: ${where}`, async context => {
		const args = ['-i', '1h', '--utc'];
		const served = new Samples(Date.now());
		const {terminal} = await startRig(context, {columns: 160, rows: 45, args, respond: served.respond});
		await terminal.waitFor(/t-1 /);
		if (where === 'history') {
			terminal.press('\u001b[D');
			await terminal.waitFor(rows => / history 1h to /.test(rows[0] ?? '') && !rows.join('\n').includes('loading '));
			await terminal.waitFor(/┤ *[\u2801-\u28ff╭─╰╯]/);
		}

		let gaps = 0;
		await press(terminal, 'c', served);
		for (let times = 0; times < 45; times++) {
			const rows = await press(terminal, '\u001b[D', served);
			gaps += assertServed(rows, served).isGap ? 1 : 0;
		}

		assert.ok(gaps >= 5, `only ${gaps} of the times were in a gap`);
	});
}

test('going back takes one request per range, and returning to a known range takes none', async context => {
	const {terminal, server} = await startRig(context, {columns: 100, rows: 30, args: ['-i', '1h']});
	await terminal.waitFor(/live.* 1h to/);
	const ends: number[] = [];
	for (let times = 0; times < 4; times++) {
		const from = server.requests.length;
		const header = terminal.screen()[0];
		terminal.press('\u001b[D');
		const {body} = await server.waitForRequest(isMetrics, from);
		const asked = askedSchema.parse(body);
		assert.equal(asked.end_epoch_millis - asked.start_epoch_millis, 3_600_000);
		ends.push(asked.end_epoch_millis);
		await terminal.waitFor(rows => rows[0] !== header && !rows.join('\n').includes('loading '));
	}

	assert.deepEqual(
		ends.map(end => (end - (ends[0] ?? 0)) / 60_000),
		[0, -15, -30, -45],
	);
	// These keys don't return to the newest of the four ranges, which might have ended so recently that some of its
	// samples are still missing.
	const before = server.requests.length;
	for (const key of ['\u001b[C', '\u001b[D', '\u001b[C', '\u001b[C', '\u001b[D']) {
		const header = terminal.screen()[0];
		terminal.press(key);
		await terminal.waitFor(rows => rows[0] !== header && !rows.join('\n').includes('loading '));
	}

	assert.equal(server.requests.length, before);
});

test('in the demo, two keypresses lead to the straggler, its start, and the latency at that time', async context => {
	const terminal = openTerminal({columns: 160, rows: 45, args: ['--demo', 'straggler', '--utc']});
	context.after(() => terminal.close());
	const straggler = /! straggler {2}loops-trainer-2 GPU 5 at 31% since (\d\d:\d\d:\d\d), the others at \d\d%/;
	const since = straggler.exec((await terminal.waitFor(straggler)).join('\n'))?.[1] ?? '';
	terminal.press('n');
	await terminal.waitFor(/▸! straggler +loops-trainer-2 GPU 5 at 31%, the others at \d\d% +since/);
	terminal.press('\r');
	const wanted = [
		new RegExp(`1h at ${since}`),
		/▸4 GPUs ─ loops-trainer-2 \(3 of 4\)/,
		/ 5 [▇▏▎▍▌▋▊▉█]+ +31%[! ]/,
		/2 Latency .* p50 \d+ms {2}p95 [\d.]+m?s {2}p99 [\d.]+s/,
	];
	await terminal.waitFor(rows => wanted.every(pattern => pattern.test(rows.join('\n'))));
});
