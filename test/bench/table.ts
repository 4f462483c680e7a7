import {formatRatio, formatValue, threeDigits} from './format-value.ts';
import type {Scale} from './from-inside.ts';
import {type Measure, measures, type Values} from './measures.ts';
import {isOver, nodeName, ownName, type Result, ratioOf} from './results.ts';

/** Returns the result for a terminal: a row for each measure, with its budget and the change from the previous run. */
export function resultTable(result: Result, before: Result | undefined): string {
	const {programs} = result;
	const others = Object.keys(programs).filter(name => name !== nodeName && name !== ownName);
	const names = [nodeName, ownName, ...others];
	const node = programs[nodeName] ?? {};
	const head = ['', ...names, 'at most', 'before'];
	const rows = measures.map(measure => [
		measure.what,
		...names.map(name => valueCell(measure, programs[name] ?? {}, name === nodeName ? {} : node)),
		maxCell(measure, programs[ownName] ?? {}, node),
		changeCell(measure, result, before),
	]);
	return alignColumns([head, ...rows]);
}

function valueCell(measure: Measure, values: Values, node: Values): string {
	const value = formatValue(values[measure.name], measure.unit);
	const ratio = ratioOf(measure, values, node);
	return ratio === undefined ? value : `${value}  ${formatRatio(ratio).padStart(6)}`;
}

function maxCell(measure: Measure, own: Values, node: Values): string {
	const {most, unit} = measure;
	if (most === undefined) {
		return '';
	}

	const text = 'ratio' in most ? formatRatio(most.ratio) : formatValue(most.value, unit);
	return isOver(measure, own, node) === true ? `${text} !` : text;
}

/**
 * Returns the change from the previous run, based on ratios if possible, because those depend less on the load of the
 * machine.
 */
function changeCell(measure: Measure, now: Result, before: Result | undefined): string {
	const [new_, old] = [now, before].map(result => {
		const own = result?.programs[ownName] ?? {};
		return ratioOf(measure, own, result?.programs[nodeName] ?? {}) ?? own[measure.name];
	});
	if (new_ === undefined || old === undefined || old === 0) {
		return '';
	}

	const percent = Math.round((new_ / old - 1) * 100);
	return percent === 0 ? '=' : `${percent > 0 ? '+' : ''}${percent} %`;
}

/** Left-aligns the first column, and right-aligns all others. */
export function alignColumns(rows: ReadonlyArray<readonly string[]>): string {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
	return rows
		.map(row =>
			row
				.map((cell, column) =>
					column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart((widths[column] ?? 0) + 2),
				)
				.join('')
				.trimEnd(),
		)
		.join('\n');
}

/** Returns the growth of costs, with one line per cost. */
export function growthLines({growth}: Result): string {
	return growth
		.map(({what, base, slope, unit}) => `${what}: ${threeDigits(base)} + ${threeDigits(slope)} ${unit}`)
		.join('\n');
}

/** Returns the slowest keys, one per line. */
export function slowestKeys({keys}: Result, count: number): string {
	return Object.entries(keys)
		.sort(([, a], [, b]) => b.wallMs - a.wallMs)
		.slice(0, count)
		.map(([name, {wallMs, cpuMs}]) => `${name}: ${threeDigits(wallMs)} ms, CPU ${threeDigits(cpuMs)} ms`)
		.join('\n');
}

/** Returns the costs of large fleets, with one row per fleet. */
export function scaleTable(all: readonly Scale[]): string {
	return alignColumns([
		['8 GPUs a node', 'a poll', 'key to frame', 'slowest key', 'memory', 'a point'],
		...all.map(({nodes, pollMs, keyMs, slowestKeyMs, heldBytes, bytesPerPoint}) => [
			`${nodes} nodes`,
			formatValue(pollMs, 'ms'),
			formatValue(keyMs, 'ms'),
			formatValue(slowestKeyMs, 'ms'),
			formatValue(heldBytes, 'bytes'),
			`${bytesPerPoint.toFixed(1)} B`,
		]),
	]);
}
