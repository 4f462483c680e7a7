import assert from 'node:assert/strict';
import {stripVTControlCharacters} from 'node:util';
import {type Points, typedKeys} from '../../source/api/points.ts';
import {
	gpuSeriesPaths,
	nodeSeriesPaths,
	requestColumnPaths,
	requestSeriesPaths,
} from '../../source/api/series-table.ts';
import type {Node} from '../../source/metrics/node.ts';
import type {Snapshot} from '../../source/metrics/snapshot.ts';
import {createPainter} from '../../source/theme/theme.ts';
import type {Rect, Size} from '../../source/view/layout.ts';
import {type Line, lineText, lineWidth, type Span, textWidth} from '../../source/view/line.ts';
import type {Region} from '../../source/view/region.ts';
import type {Screen} from '../../source/view/screen.ts';

const colorful = createPainter({color: 'auto', symbols: 'block', theme: 'dark', level: 3});
const ascii = createPainter({color: 'none', symbols: 'ascii', theme: 'auto', level: 3});

/**
 * Characters that must never reach a terminal: control and format characters (including direction changes and some
 * characters without width), unpaired surrogates, and line and paragraph separators.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
/** JavaScript's text for invalid numbers and values. */
const nonsense = /NaN|Infinity|undefined|\[object/;
/** Characters that every terminal shows in one cell each. */
const usual = /^[ -~·×–…←-⇿─-◿⠀-⣿]*$/;

function overlap(a: Rect, b: Rect): boolean {
	return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Returns the error in a line that should be `width` cells wide; undefined if there is none. */
function faultOf(line: Line, text: string, width: number): string | undefined {
	if (lineWidth(line) !== width) {
		return `isn't ${width} cells wide`;
	}

	if (nonsense.test(text)) {
		return 'contains an invalid number or value';
	}

	if (usual.test(text)) {
		return undefined;
	}

	if (textWidth(text) !== width) {
		return "isn't as wide as its spans together";
	}

	if (unsafe.test(text)) {
		return 'contains characters that a terminal would interpret';
	}

	return line.every(isPainted) ? undefined : "isn't painted correctly";
}

/**
 * Returns whether painting a span adds only control sequences to its text and, in ASCII mode, writes one ASCII
 * character per cell.
 */
function isPainted({text, tone}: Span): boolean {
	const plain = stripVTControlCharacters(ascii(text, tone));
	return (
		stripVTControlCharacters(colorful(text, tone)) === text &&
		/^[ -~]*$/.test(plain) &&
		plain.length === textWidth(text)
	);
}

function assertLine(line: Line, width: number, {name}: Region): void {
	const text = lineText(line);
	const fault = faultOf(line, text, width);
	if (fault !== undefined) {
		assert.fail(`a line of ${name} ${fault}: ${JSON.stringify(text)}`);
	}
}

/**
 * Asserts that the regions of a screen are within the terminal, don't overlap, and are filled with text that is safe to
 * write.
 */
export function assertDrawn({regions}: Screen, size: Size): void {
	for (const [index, region] of regions.entries()) {
		const {rect, frame, lines, name} = region;
		assert.ok(rect.x >= 0 && rect.y >= 0, `${name} begins outside the terminal`);
		assert.ok(
			rect.x + rect.width <= size.columns && rect.y + rect.height <= size.rows,
			`${name} isn't within the terminal`,
		);
		assert.ok(!regions.slice(0, index).some(other => overlap(other.rect, rect)), `${name} overlaps an earlier region`);
		const inner = frame === undefined ? rect : {width: rect.width - 2, height: rect.height - 2};
		assert.equal(lines.length, inner.height, `${name} doesn't have the height of its rectangle`);
		for (const line of lines) {
			assertLine(line, inner.width, region);
		}

		if (frame !== undefined) {
			assertLine(frame.title, rect.width, region);
		}
	}
}

/** The numbers in responses, by the field of the metrics and the key within it, such as `response_time_stats.p50`. */
export class ServedNumbers {
	readonly #numbers = new Map<string, Set<number>>();

	add(metrics: unknown, place = ''): void {
		if (typeof metrics === 'number') {
			const known = this.#numbers.get(place);
			if (known === undefined) {
				this.#numbers.set(place, new Set([metrics]));
			} else {
				known.add(metrics);
			}
		} else if (typeof metrics === 'object' && metrics !== null) {
			for (const [key, child] of Object.entries(metrics)) {
				const isLeaf = typeof child === 'number';
				this.add(child, isLeaf || fields.has(key) ? `${isLeaf ? `${place}.` : ''}${key}` : place);
			}
		}
	}

	assertHas(value: number | undefined, place: string): void {
		assert.ok(
			value === undefined || this.#numbers.get(place)?.has(value) === true,
			`${value} wasn't served as ${place}`,
		);
	}
}

const fields: ReadonlySet<string> = new Set(
	[gpuSeriesPaths, nodeSeriesPaths, requestSeriesPaths, requestColumnPaths].flatMap(table =>
		Object.values(table).map(({field}) => field),
	),
);

function assertRising({times}: Points): void {
	assert.ok(times.every((time, index) => index === 0 || time > (times[index - 1] ?? time)));
}

function assertNode(node: Node, served: ServedNumbers): void {
	for (const gpu of node.gpus) {
		for (const name of typedKeys(gpuSeriesPaths)) {
			served.assertHas(gpu[name], `${gpuSeriesPaths[name].field}.value`);
			assertRising(gpu.series[name]);
		}
	}

	for (const name of typedKeys(nodeSeriesPaths)) {
		served.assertHas(node[name], `${nodeSeriesPaths[name].field}.value`);
		assertRising(node.series[name]);
	}

	const memories = node.gpus.map(({memory}) => memory);
	const isKnown = memories.length > 0 && memories.every(memory => memory !== undefined);
	assert.ok(isKnown || node.gpuMemory === undefined, 'a sum is shown, although some of its parts are unknown');
}

/**
 * Asserts that every value of a snapshot was served in its field, that a node's GPU memory is known only if that of all
 * its GPUs is, and that shares are from 0 to 1.
 */
export function assertServed({requests, nodes}: Snapshot, served: ServedNumbers): void {
	const {latency, status, shares} = requests;
	for (const name of typedKeys(requestSeriesPaths)) {
		served.assertHas(requests[name], `${requestSeriesPaths[name].field}.value`);
	}

	for (const [name, value] of Object.entries(latency)) {
		served.assertHas(value, `response_time_stats.${name}`);
	}

	for (const [name, value] of Object.entries(status)) {
		served.assertHas(value, `inference_volume_by_status.${name}`);
	}

	const parts = Object.values(shares ?? {});
	assert.ok(
		parts.every(part => part >= 0 && part <= 1),
		`a share isn't from 0 to 1: ${parts.join(' ')}`,
	);
	for (const node of nodes) {
		assertNode(node, served);
	}
}

/** Asserts that a multiline string is safe to write to a terminal, and contains no invalid numbers or values. */
export function assertSafeText(text: string): void {
	assert.doesNotMatch(text.replaceAll('\n', ''), unsafe);
	assert.doesNotMatch(text, nonsense);
}
