import assert from 'node:assert/strict';
import process from 'node:process';
import {after, test} from 'node:test';
import fc from 'fast-check';
import {
	formatDay,
	formatMinute,
	formatMoment,
	formatSecond,
	isStartOfDay,
	timeOfLocal,
	zoneOffsetMs,
} from '../../source/text/clock-time.ts';
import {timeAxis} from '../../source/view/chart.ts';

const {TZ} = process.env;
after(() => {
	if (TZ === undefined) {
		delete process.env['TZ'];
	} else {
		process.env['TZ'] = TZ;
	}
});

/**
 * Zones with offsets in whole, half, and quarter hours, on both sides of UTC. Some have daylight saving time, which
 * begins at 02:00 or at midnight, and in one of them shifts the clocks by half an hour.
 */
const zones: readonly string[] = [
	'UTC',
	'Europe/Berlin',
	'America/New_York',
	'America/St_Johns',
	'America/Sao_Paulo',
	'America/Santiago',
	'Asia/Kolkata',
	'Asia/Kathmandu',
	'Africa/Cairo',
	'Australia/Lord_Howe',
	'Pacific/Auckland',
	'Pacific/Kiritimati',
];

const minute = 60_000;
const hour = 60 * minute;
const firstHour = Date.UTC(2026, 0, 1) / hour;
const lastHour = Date.UTC(2027, 0, 1) / hour;

/** Generates any minute of the year and, just as often, the minutes around clock changes. */
function anyMinute(clockAt: (timeMs: number) => {readonly clock: string}): fc.Arbitrary<number> {
	const hours = Array.from({length: lastHour - firstHour}, (_, index) => (firstHour + index) * hour);
	const hourOfDay = (timeMs: number): number => Number(clockAt(timeMs).clock.replace(':', '.'));
	const changes = hours.filter(at => {
		const passed = (hourOfDay(at + hour) - hourOfDay(at) + 24) % 24;
		return Math.abs(passed - 1) > 0.01;
	});
	const any = fc.integer({min: firstHour * 60, max: lastHour * 60}).map(at => at * minute);
	if (changes.length === 0) {
		return any;
	}

	const near = fc
		.record({change: fc.constantFrom(...changes), minutes: fc.integer({min: -200, max: 400})})
		.map(({change, minutes}) => change + minutes * minute);
	return fc.oneof(any, near);
}

/** Returns a function that computes the time and the day in a zone without using the program's code. */
function clockIn(timeZone: string): (timeMs: number) => {readonly clock: string; readonly day: string} {
	const format = new Intl.DateTimeFormat('en-US', {
		timeZone,
		hourCycle: 'h23',
		month: 'short',
		day: 'numeric',
		hour: '2-digit',
		minute: '2-digit',
	});
	return timeMs => {
		const parts = Object.fromEntries(format.formatToParts(timeMs).map(({type, value}) => [type, value]));
		return {clock: `${parts['hour']}:${parts['minute']}`, day: `${parts['month']} ${parts['day']}`};
	};
}

for (const zone of zones) {
	const clockAt = clockIn(zone);
	const thisYear = anyMinute(clockAt);

	test(`in ${zone}, times match the local clock all year round`, () => {
		process.env['TZ'] = zone;
		fc.assert(
			fc.property(thisYear, timeMs => {
				const {clock, day} = clockAt(timeMs);
				assert.equal(formatMinute(timeMs, 'local'), clock);
				assert.equal(formatSecond(timeMs + 7000, 'local'), `${clock}:07`);
				assert.equal(formatDay(timeMs, 'local'), day);
				assert.equal(isStartOfDay(timeMs, 'local'), clockAt(timeMs - minute).day !== day);
				const local = timeMs + zoneOffsetMs(timeMs, 'local');
				const again = timeOfLocal(local, 'local');
				assert.equal(again + zoneOffsetMs(again, 'local'), local);
			}),
			{numRuns: 300},
		);
	});

	test(`in ${zone}, every label of an axis is at the time that it names, all year round`, () => {
		process.env['TZ'] = zone;
		const length = fc.constantFrom(5 * minute, hour, 3 * hour, 12 * hour, 24 * hour, 72 * hour, 168 * hour);
		fc.assert(
			fc.property(thisYear, length, fc.integer({min: 5, max: 240}), (endMs, lengthMs, columns) => {
				const range = {startMs: endMs - lengthMs, endMs};
				const axis = timeAxis(range, columns, 'local');
				assert.ok(axis.length === columns);
				const perColumn = lengthMs / columns;
				for (const match of axis.matchAll(/\d\d:\d\d|[A-Z][a-z]{2} \d+/g)) {
					const [label] = match;
					// A label can be one cell away from its time or, if it is the only label, three cells.
					const middle = match.index + Math.floor(label.length / 2);
					const away = axis.trim() === label ? 3 : 1;
					const from = middle - away;
					const to = middle + away + 1;
					const first = Math.ceil((range.startMs + from * perColumn) / minute - 1e-6) * minute;
					const last = range.startMs + to * perColumn;
					let isThere = false;
					for (let at = first; at <= last; at += minute) {
						const {clock, day} = clockAt(at);
						isThere ||= clock === label || (day === label && clockAt(at - minute).day !== day);
					}

					assert.ok(
						isThere,
						`${label} at ${from} of ${columns} in "${axis}", ${new Date(range.startMs).toISOString()}`,
					);
				}
			}),
			{numRuns: 150},
		);
	});
}

const changes: ReadonlyArray<readonly [zone: string, what: string, startMs: number, axis: string]> = [
	[
		'Europe/Berlin',
		'the hour from two to three occurs twice',
		Date.UTC(2026, 9, 24, 22),
		'          01:00                   02:00       03:00       04:00       05:00',
	],
	[
		'Europe/Berlin',
		'the hour from two to three is skipped',
		Date.UTC(2026, 2, 28, 23),
		'          01:00       03:00       04:00       05:00       06:00       07:00',
	],
];

for (const [zone, what, startMs, axis] of changes) {
	test(`if ${what}, the labels match the local clock`, () => {
		process.env['TZ'] = zone;
		assert.equal(timeAxis({startMs, endMs: startMs + 7 * hour}, 84, 'local'), axis.padEnd(84));
	});
}

for (const [zone, day, begins] of [
	['Africa/Cairo', 'Apr 24', Date.UTC(2026, 3, 23, 22)],
	['America/Santiago', 'Sep 6', Date.UTC(2026, 8, 6, 4)],
] as const) {
	test(`in ${zone}, ${day} has no midnight, and the axis labels it at its first hour`, () => {
		process.env['TZ'] = zone;
		const startMs = begins - 34 * hour;
		const axis = timeAxis({startMs, endMs: startMs + 72 * hour}, 144, 'local');
		assert.equal(formatMinute(begins - 1, 'local'), '23:59');
		assert.equal(formatMinute(begins, 'local'), '01:00');
		assert.equal(axis.indexOf(day) + Math.floor(day.length / 2), ((begins - startMs) / (72 * hour)) * 144);
	});
}

test('a time more than 20 hours ago is shown with its date, which depends on the zone', () => {
	const now = Date.UTC(2026, 9, 25, 12);
	process.env['TZ'] = 'America/St_Johns';
	assert.equal(formatMoment(now - 2 * hour, now, 'local'), '07:30:00');
	assert.equal(formatMoment(now - 36 * hour, now, 'local'), 'Oct 23 21:30');
	assert.equal(formatMoment(now - 36 * hour, now, 'utc'), 'Oct 24 00:00');
});
