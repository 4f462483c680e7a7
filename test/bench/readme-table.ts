import {formatRatio, formatValue} from './format-value.ts';
import {type Measure, type MeasureName, measures, type Values} from './measures.ts';
import {nodeName, ownName, type Result, ratioOf} from './results.ts';

/**
 * The measures that docs/cost.md lists, with their names there. Values that depend on the machine are given as
 * multiples of Node.js's values.
 */
const rowNames: ReadonlyArray<readonly [name: MeasureName, what: string]> = [
	['startMs', 'first frame'],
	['dataMs', 'first frame with data'],
	['wideBytesPerSecond', 'bytes to the terminal, 160×45'],
	['usualBytesPerSecond', 'bytes to the terminal, 80×24'],
	['wideCpu', 'CPU time per minute'],
	['residentBytes', 'memory'],
	['keyMs', 'keypress to frame, 16×8 GPUs: median'],
	['keyP95Ms', 'keypress to frame, 16×8 GPUs: p95'],
	['pollCpuMs', 'CPU time per poll of 64×8 GPUs'],
	['packageBytes', 'the package, unpacked'],
	['dependencies', 'runtime dependencies'],
];

/** Returns the Markdown table of docs/cost.md: ratios and counts, independent of the machine they were measured on. */
export function readmeTable({programs}: Result): string {
	const node = programs[nodeName] ?? {};
	const names = Object.keys(programs).filter(name => name !== nodeName);
	const rows = rowNames.map(([name, what]) => {
		const measure = measures.find(one => one.name === name);
		return [what, ...names.map(program => (measure ? cell(measure, programs[program] ?? {}, node) : ''))];
	});
	const head = ['what', ...names.map(name => (name === ownName ? name : `\`${name}\``))];
	return [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n');
}

function cell(measure: Measure, values: Values, node: Values): string {
	const ratio = ratioOf(measure, values, node);
	return ratio === undefined ? formatValue(values[measure.name], measure.unit) : formatRatio(ratio);
}

/** Returns the text of a page with the table between its `costs` comments replaced. */
export function withTable(page: string, table: string): string {
	return page.replace(
		/(<!-- costs -->\n)[\s\S]*?(<!-- \/costs -->)/,
		(_, before, after) => `${before}${table}\n${after}`,
	);
}
