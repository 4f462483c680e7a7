import assert from 'node:assert/strict';
import {test} from 'node:test';
import {emptyHistory} from '../../source/metrics/history.ts';
import {addMetrics} from '../../source/metrics/merge-history.ts';
import {takeSnapshot} from '../../source/metrics/snapshot.ts';
import {defaultThresholds} from '../../source/metrics/thresholds.ts';
import {defaultWindow} from '../../source/metrics/windows.ts';
import {amountTone, laggingTone, type SymbolSet} from '../../source/theme/theme.ts';
import {lineText, lineWidth} from '../../source/view/line.ts';
import {trendRows} from '../../source/view/metric-line.ts';
import {pointsOf} from '../helpers/points.ts';
import {responseOf} from '../helpers/responses.ts';

const nine = Date.UTC(2026, 10, 23, 9);
const range = {startMs: nine - 3_600_000, endMs: nine, whole: true};
const history = addMetrics(emptyHistory(defaultWindow), responseOf({inference_volume: []}), range);
const snapshot = takeSnapshot(history, undefined, {nowMs: nine});

/** Returns an hour of samples, one every half minute. */
function hour(value: (index: number) => number | null) {
	return pointsOf(
		...Array.from({length: 121}, (_, index): [number, number | null] => [range.startMs + index * 30_000, value(index)]),
	);
}

function draw(
	value: (index: number) => number | null,
	width: number,
	symbols: SymbolSet = 'braille',
): readonly string[] {
	const look = {snapshot, tone: amountTone, top: 1, height: 2, symbols} as const;
	return trendRows(hour(value), width, look).map(lineText);
}

test('however narrow the trend of an hour is, it shows a dip of half a minute, except at its ends', () => {
	for (const symbols of ['braille', 'block'] as const) {
		for (const width of [8, 13, 24, 60]) {
			const steady = draw(() => 0.95, width, symbols);
			// The column of the newest sample shows only that sample.
			for (let at = 12; at < 118 - Math.ceil(121 / width); at++) {
				assert.notDeepEqual(
					draw(index => (index === at ? 0 : 0.95), width, symbols),
					steady,
					`a dip at sample ${at} isn't visible at width ${width}`,
				);
			}
		}
	}
});

test('the sawtooth of reinforcement learning reaches from the bottom to the top every few cells', () => {
	const saw = draw(index => (index % 10 < 5 ? 1 : 0), 12);
	for (let column = 1; column < 11; column++) {
		const cells = saw.map(row => row.slice(column - 1, column + 2)).join('');
		assert.match(cells, /[⠁⠈⠉⡇⢸⡏⢹⣇⣸⣿⠃⠘⠇⠸]/);
		assert.match(saw[1]?.slice(column - 1, column + 2) ?? '', /[^ ]/);
	}
});

test('a rise of ten percentage points in an hour is visible in a trend that spans only those ten points', () => {
	const look = {snapshot, tone: 'dim', bottom: 0.4, top: 0.5, height: 2, symbols: 'braille'} as const;
	const [upper = '', lower = ''] = trendRows(
		hour(index => 0.4 + index / 1200),
		10,
		look,
	).map(lineText);
	assert.equal(upper.trimStart().length < 7 && lower.trimEnd().length < 7, true);
});

test('a missed sample leaves a blank, a short gap is marked at the bottom, and a long one at full height', () => {
	const stale = defaultThresholds.staleMs / 30_000;
	for (const symbols of ['braille', 'block'] as const) {
		for (const width of [30, 55, 110, 200]) {
			const missing = (samples: number): readonly string[] =>
				draw(index => (index >= 60 && index < 60 + samples ? null : 0.9), width, symbols);
			const [single, short, long] = [missing(1), missing(stale - 1), missing(stale + 4)];
			assert.doesNotMatch(single.join(''), /╱/, `${symbols} ${width}`);
			assert.doesNotMatch(short[0] ?? '', /╱/);
			assert.match(width < 50 ? (long[0] ?? '') : (short[1] ?? ''), /╱/, `${symbols} ${width}`);
			assert.match(long[0] ?? '', /╱/);
			assert.match(long[1] ?? '', /╱/);
		}
	}
});

test('gaps are marked, values that lag are red, and every row has the requested width', () => {
	const rows = trendRows(
		hour(index => (index > 40 && index < 60 ? null : index > 100 ? 0.3 : 0.9)),
		30,
		{snapshot, tone: laggingTone, top: 1, height: 3, symbols: 'braille'},
	);
	for (const row of rows) {
		assert.equal(lineWidth(row), 30);
		assert.match(lineText(row), /╱/);
	}

	assert.ok(rows.flat().some(({tone}) => tone === 'bad'));
	assert.ok(rows.flat().some(({tone}) => tone === 'plain'));
});
