import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import fc from 'fast-check';
import {formatDay, formatMoment, formatSecond, timesOfLocal, zoneOffsetMs} from '../../source/text/clock-time.ts';
import {type MomentContext, parseMoment, resolveMoment} from '../../source/text/moment.ts';

// In New York, the clocks are set forward from 02:00 to 03:00 on March 8, 2026, and back from 02:00 to 01:00 on
// November 1.
process.env['TZ'] = 'America/New_York';

const hourMs = 3_600_000;

/** Makes a zone the local time zone until the end of a test. */
function inZone(t: TestContext, name: string): void {
	const {TZ} = process.env;
	process.env['TZ'] = name;
	t.after(() => {
		process.env['TZ'] = TZ;
	});
}

/** A recording from 22:45:10 to the same time two days later. */
const recording = {startMs: Date.UTC(2026, 10, 23, 22, 45, 10), endMs: Date.UTC(2026, 10, 25, 22, 45, 10)};

function momentOf(text: string, context: MomentContext): string {
	const moment = parseMoment(text) ?? assert.fail(`${text} isn't a time`);
	return new Date(resolveMoment(moment, context) ?? Number.NaN).toISOString();
}

const inRecording: ReadonlyArray<readonly [text: string, expected: string]> = [
	['22:50', '2026-11-23T22:50:00.000Z'],
	['22:50:07', '2026-11-23T22:50:07.000Z'],
	['22:45', '2026-11-23T22:45:00.000Z'],
	['22:44', '2026-11-24T22:44:00.000Z'],
	['3:05', '2026-11-24T03:05:00.000Z'],
	['00:00', '2026-11-24T00:00:00.000Z'],
	['2026-11-25 14:03', '2026-11-25T14:03:00.000Z'],
	['2026-11-25', '2026-11-25T00:00:00.000Z'],
	['2026-11-25T14:03:20', '2026-11-25T14:03:20.000Z'],
	['2026-11-25T14:03:20Z', '2026-11-25T14:03:20.000Z'],
	['2026-11-25t14:03:20.5z', '2026-11-25T14:03:20.500Z'],
	['2026-11-25T14:03:20+02:00', '2026-11-25T12:03:20.000Z'],
	['Nov 25 14:03', '2026-11-25T14:03:00.000Z'],
	['nov  25,  14:03', '2026-11-25T14:03:00.000Z'],
	['25 November 14:03', '2026-11-25T14:03:00.000Z'],
	['November 25, 2025 14:03', '2025-11-25T14:03:00.000Z'],
	['Sept 1', '2026-09-01T00:00:00.000Z'],
	['+90m', '2026-11-24T00:15:10.000Z'],
	['+1h30m', '2026-11-24T00:15:10.000Z'],
	['+5', '2026-11-23T22:45:15.000Z'],
	['-9h', '2026-11-25T13:45:10.000Z'],
	['-1d12h', '2026-11-24T10:45:10.000Z'],
	['now', '2026-11-25T22:45:10.000Z'],
];

for (const [text, expected] of inRecording) {
	test(`${text} is ${expected} in a recording from Nov 23 22:45:10 to Nov 25 22:45:10`, () => {
		assert.equal(momentOf(text, {...recording, zone: 'utc'}), expected);
	});
}

const live: ReadonlyArray<readonly [text: string, now: string, expected: string]> = [
	['03:10', '2026-11-28T12:00:00-05:00', '2026-11-28T03:10:00-05:00'],
	['13:10', '2026-11-28T12:00:00-05:00', '2026-11-27T13:10:00-05:00'],
	['12:00', '2026-11-28T12:00:00-05:00', '2026-11-28T12:00:00-05:00'],
	['12:00 UTC', '2026-11-28T12:00:00-05:00', '2026-11-28T12:00:00Z'],
	['23:30Z', '2026-11-28T12:00:00-05:00', '2026-11-27T23:30:00Z'],
	['-9h', '2026-11-28T12:00:00-05:00', '2026-11-28T03:00:00-05:00'],
	['Nov 27 03:10', '2026-11-28T12:00:00-05:00', '2026-11-27T03:10:00-05:00'],
	['Nov 27 03:10 UTC', '2026-11-28T12:00:00-05:00', '2026-11-27T03:10:00Z'],
	['Nov 29 03:10', '2026-11-28T12:00:00-05:00', '2025-11-29T03:10:00-05:00'],
	['Dec 31', '2027-01-01T12:00:00-05:00', '2026-12-31T00:00:00-05:00'],
	['Feb 29', '2026-11-28T12:00:00-05:00', '2024-02-29T00:00:00-05:00'],
	// The clocks are set forward: 02:30 doesn't occur on March 8.
	['02:30', '2026-03-08T09:00:00-04:00', '2026-03-08T03:30:00-04:00'],
	['Mar 8 02:30', '2026-03-08T09:00:00-04:00', '2026-03-08T03:30:00-04:00'],
	['-9h', '2026-03-08T09:00:00-04:00', '2026-03-07T23:00:00-05:00'],
	// The day before has 23 hours.
	['00:15', '2026-03-09T00:10:00-04:00', '2026-03-08T00:15:00-05:00'],
	// The clocks are set back: 01:30 occurs twice on November 1.
	['01:30', '2026-11-01T09:00:00-05:00', '2026-11-01T01:30:00-05:00'],
	['01:30', '2026-11-01T01:15:00-05:00', '2026-11-01T01:30:00-04:00'],
	['2026-11-01 01:30', '2026-11-01T09:00:00-05:00', '2026-11-01T01:30:00-04:00'],
	['00:15', '2026-11-02T00:10:00-05:00', '2026-11-01T00:15:00-04:00'],
];

for (const [text, now, expected] of live) {
	test(`${text} is ${expected} if the time in New York is ${now}`, () => {
		const context = {startMs: undefined, endMs: Date.parse(now), zone: 'local'} as const;
		assert.equal(momentOf(text, context), new Date(expected).toISOString());
	});
}

test('in a recording that includes a 25-hour day, a time of day means its first occurrence in the recording', () => {
	const startMs = Date.parse('2026-10-31T23:30:00-04:00');
	const context = {startMs, endMs: startMs + 48 * hourMs, zone: 'local'} as const;
	assert.equal(momentOf('23:15', context), new Date('2026-11-01T23:15:00-05:00').toISOString());
	assert.equal(momentOf('00:15', context), new Date('2026-11-01T00:15:00-04:00').toISOString());
});

test('if the day before was skipped, a time of day can be on the date two days earlier', t => {
	// Samoa crossed the date line at the end of December 29, 2011.
	inZone(t, 'Pacific/Apia');
	const context = {startMs: undefined, endMs: Date.parse('2011-12-31T00:00:00+14:00'), zone: 'local'} as const;
	assert.equal(momentOf('00:00:01', context), new Date('2011-12-29T00:00:01-10:00').toISOString());
	assert.equal(momentOf('00:00', context), new Date('2011-12-31T00:00:00+14:00').toISOString());
});

test('without a recording, an offset from the start is undefined', () => {
	const moment = parseMoment('+5m') ?? assert.fail();
	assert.equal(resolveMoment(moment, {startMs: undefined, endMs: 0, zone: 'utc'}), undefined);
});

const wrong = [
	'',
	'24:00',
	'12:60',
	'12',
	'noon',
	'5m',
	'+',
	'-',
	'+x',
	'-9h ago',
	'2026-02-30 10:00',
	'1:2:3',
	'Feb 30',
];
for (const text of [
	...wrong,
	'Ju 1',
	'Novem 5x',
	'32 Dec',
	'Nov 27 25:00',
	'2026-11-27 noon',
	'2026-11-27T',
	'utc',
	'Z',
	'03:10 EST',
]) {
	test(`"${text}" isn't a time`, () => {
		assert.equal(parseMoment(text), undefined);
	});
}

const startDay = Date.UTC(2010, 0) / (24 * hourMs);
const endDay = Date.UTC(2035, 0) / (24 * hourMs);
const times = fc.integer({min: startDay * 86_400, max: endDay * 86_400}).map(second => second * 1000);
/** How far clocks can be set forward: by half an hour, by an hour, or, at the date line, by a day. */
const changesMs: readonly number[] = [hourMs / 2, hourMs, 24 * hourMs];
const zones = fc.constantFrom('local' as const, 'utc' as const);

/**
 * Zones with a variety of rules: without daylight saving time, with it in either hemisphere, with a shift of half an
 * hour, with daylight saving time that was abolished, and with a skipped day.
 */
const localZones = [
	'America/New_York',
	'UTC',
	'Asia/Kathmandu',
	'Australia/Lord_Howe',
	'America/Sao_Paulo',
	'Europe/Dublin',
	'Africa/Casablanca',
	'Pacific/Apia',
];

/** Generates any second and, just as often, the seconds within three days of a clock change in the local zone. */
function anyTime(): fc.Arbitrary<number> {
	const days = Array.from({length: endDay - startDay}, (_, index) => (startDay + index) * 24 * hourMs);
	const changes = days.filter(at => zoneOffsetMs(at, 'local') !== zoneOffsetMs(at + 24 * hourMs, 'local'));
	if (changes.length === 0) {
		return times;
	}

	const second = fc.integer({min: -2 * 86_400, max: 3 * 86_400});
	const near = fc.tuple(fc.constantFrom(...changes), second).map(([at, after]) => at + after * 1000);
	return fc.oneof(times, near);
}

for (const name of localZones) {
	test(`in ${name}, a time formatted for the screen is parsed as a time with the same formatted text`, t => {
		inZone(t, name);
		fc.assert(
			fc.property(anyTime(), fc.integer({min: 0, max: 300 * 24 * 3600}), zones, (nowMs, agoSeconds, zone) => {
				const shown = formatMoment(nowMs - agoSeconds * 1000, nowMs, zone);
				const moment = parseMoment(shown) ?? assert.fail(shown);
				const time = resolveMoment(moment, {startMs: undefined, endMs: nowMs, zone}) ?? Number.NaN;
				assert.ok(time <= nowMs, shown);
				assert.equal(formatMoment(time, nowMs, zone), shown);
			}),
		);
	});

	test(`in ${name}, a time of day is within 26 hours of now, or of the start of a recording`, t => {
		inZone(t, name);
		fc.assert(
			fc.property(anyTime(), fc.integer({min: 0, max: 86_399}), zones, (timeMs, second, zone) => {
				const text = new Date(second * 1000).toISOString().slice(11, 19);
				const moment = parseMoment(text) ?? assert.fail(text);
				const before = resolveMoment(moment, {startMs: undefined, endMs: timeMs, zone}) ?? Number.NaN;
				const after = resolveMoment(moment, {startMs: timeMs, endMs: timeMs, zone}) ?? Number.NaN;
				assert.ok(before <= timeMs && timeMs - before < 26 * hourMs, `${text} before ${timeMs}: ${before}`);
				assert.ok(after > timeMs - 60_000 && after - timeMs < 26 * hourMs, `${text} after ${timeMs}: ${after}`);
			}),
		);
	});

	test(`in ${name}, timesOfLocal finds when clocks show a local time or, if they skip it, a later time`, t => {
		inZone(t, name);
		fc.assert(
			fc.property(anyTime(), zones, (localMs, zone) => {
				const found = timesOfLocal(localMs, zone);
				const [first = Number.NaN] = found;
				assert.ok(found.length === 1 || found.length === 2);
				const skippedMs = first + zoneOffsetMs(first, zone) - localMs;
				assert.ok(skippedMs === 0 || (found.length === 1 && changesMs.includes(skippedMs)));
				assert.ok(found.every(time => formatSecond(time, zone) === formatSecond(first, zone)));
				assert.ok(found.every(time => formatDay(time, zone) === formatDay(first, zone)));
			}),
		);
	});
}

test('parsing never throws, and a parsed time can be resolved', () => {
	const parts = fc.array(
		fc.constantFrom(
			'-',
			'+',
			'9',
			'03',
			':',
			'h',
			'd',
			' ',
			'Nov',
			'Feb',
			'29',
			'2026',
			'-11-',
			'T',
			'Z',
			'UTC',
			',',
			'now',
		),
		{maxLength: 8},
	);
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string(),
				parts.map(texts => texts.join('')),
			),
			times,
			(text, nowMs) => {
				const moment = parseMoment(text);
				const time = moment && resolveMoment(moment, {startMs: nowMs, endMs: nowMs, zone: 'local'});
				assert.ok(moment === undefined || Number.isFinite(time), text);
			},
		),
	);
});
