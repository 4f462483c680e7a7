import {targetName} from '../../api/target.ts';
import {newestTimes} from '../../metrics/history.ts';
import {baseUnits, toBaseUnit} from '../../metrics/metric-table.ts';
import {responseProblems} from '../../metrics/snapshot.ts';
import {type Component, components} from '../../state/component.ts';
import {activeHistory} from '../../state/derive-views.ts';
import type {State} from '../../state/state.ts';
import type {Zone} from '../../text/clock-time.ts';
import {describeFailure} from '../../text/failure-text.ts';
import {samplerProblems} from '../problems.ts';
import {shownExtras} from '../sampler-metrics.ts';
import {type ExportedMetric, type ExportedSeries, exportedExtras, exportedSeries} from './exported-series.ts';
import {htmlPage} from './html.ts';

/** The columns of the CSV table, in order. */
export const csvColumns = ['time', 'component', 'node', 'gpu', 'metric', 'unit', 'value'] as const;

/**
 * Writes series as a tidy table (RFC 4180, with a header and CRLF line endings): one row for each known value, and none
 * for a gap. Times are UTC, ISO 8601 with `Z`. `node` and `gpu` are empty for metrics of the whole component.
 *
 * Every value is written with a decimal point or an exponent, even an integer: DuckDB infers the type of a column from
 * its first 20,480 rows, and would round later fractions. A name that begins with `=`, `+`, `-`, or `@` is preceded by
 * an apostrophe, because spreadsheets would run it as a formula.
 */
export function* csvRows(series: Iterable<ExportedSeries>): Generator<string> {
	yield `${csvColumns.join(',')}\r\n`;
	for (const {component, node, gpu, metric, points} of series) {
		const subject = [component, csvText(node ?? ''), csvText(gpu ?? ''), metric.name, metric.unit].join(',');
		let chunk = '';
		for (const [place, time] of points.times.entries()) {
			chunk += `${new Date(time).toISOString()},${subject},${csvNumber(points.values[place] ?? Number.NaN)}\r\n`;
		}

		yield chunk;
	}
}

function csvText(text: string): string {
	const plain = /^[=+\-@]/.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/**
 * Formats a number as the shortest text that has a decimal point or an exponent and is read as the same floating-point
 * number: `93.0`, `0.5`, `1e+21`.
 */
function csvNumber(value: number): string {
	const text = String(value);
	return /[.e]/.test(text) ? text : `${text}.0`;
}

/** The units that appear at the end of a metric's name, as OpenMetrics requires for a UNIT line. */
const units = Object.values(baseUnits).filter(unit => unit !== undefined);

/**
 * Writes series as OpenMetrics text that Prometheus can import (`promtool tsdb create-blocks-from openmetrics`): one
 * family after another, each series sorted by time, timestamps in seconds, and `# EOF` at the end. Gaps are missing
 * samples. Names and labels match those of `--listen`, so that the same queries find imported and scraped samples.
 * Prometheus adds the labels `job` and `instance` only to scraped ones. Values are in base units.
 *
 * Series of a sampler have names that begin with `loops_sampler_`.
 */
export function* openMetricsText(series: readonly ExportedSeries[], deployment: string): Generator<string> {
	const families = new Map<string, ExportedSeries[]>();
	for (const one of series) {
		const name = familyName(one.component, one.metric);
		const family = families.get(name);
		if (family === undefined) {
			families.set(name, [one]);
		} else {
			family.push(one);
		}
	}

	for (const [name, members] of families) {
		const [first] = members;
		if (first === undefined) {
			continue;
		}

		const unit = units.find(suffix => name.endsWith(`_${suffix}`));
		yield [
			`# TYPE ${name} gauge\n`,
			...(unit === undefined ? [] : [`# UNIT ${name} ${unit}\n`]),
			`# HELP ${name} ${first.metric.prometheus.help}\n`,
		].join('');
		for (const member of members) {
			yield samples(name, member, deployment);
		}
	}

	yield '# EOF\n';
}

function familyName(component: ExportedSeries['component'], {prometheus: {name}}: ExportedMetric): string {
	return component === 'sampler' ? name.replace(/^loops_/, 'loops_sampler_') : name;
}

function samples(name: string, {node, gpu, metric, points}: ExportedSeries, deployment: string): string {
	const {labels = {}} = metric.prometheus;
	const all = {deployment, ...(node === undefined ? {} : {node}), ...(gpu === undefined ? {} : {gpu}), ...labels};
	const text = Object.entries(all)
		.map(([label, value]) => `${label}="${escapeLabel(value)}"`)
		.join(',');
	let lines = '';
	for (const [place, time] of points.times.entries()) {
		lines += `${name}{${text}} ${toBaseUnit(points.values[place] ?? Number.NaN, metric.unit)} ${time / 1000}\n`;
	}

	return lines;
}

function escapeLabel(text: string): string {
	return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** The formats that contain the series of a window, not only its newest values. */
type ExportFormat = 'csv' | 'openmetrics' | 'html';

/** Returns whether neither component has samples in the window of a state. A sample without a value counts, too. */
export function isEmptyExport(state: State): boolean {
	return components.every(component => newestTimes(activeHistory(state, component)).length === 0);
}

/** Returns clauses about what an export lacks: values that are unreadable or left out, or whose request failed. */
export function missingInExport(state: State): readonly string[] {
	const {
		trainer: {snapshot},
		sampler: {link},
	} = state.views;
	const {dropped} = snapshot;
	const isRefused = state.live.deployment?.sampler !== undefined && 'failure' in link;
	return [
		...[...responseProblems(snapshot), ...samplerProblems(state)].map(({field, problem}) => `${field} ${problem}`),
		...(dropped > 0 ? [`points left out because they are unreadable or in the future: ${dropped}`] : []),
		...(isRefused ? [`the sampler's metrics are unknown: ${describeFailure(link.failure)}`] : []),
	];
}

/**
 * Formats the window of a state in pieces: as CSV or OpenMetrics text with all loaded series of both components, or as
 * an HTML page with a selection of them.
 */
export function exportText(format: ExportFormat, state: State, zone: Zone): Iterable<string> {
	const seriesOf = (component: Component): readonly ExportedSeries[] => [
		...exportedSeries(component, activeHistory(state, component)),
		...(component === 'sampler' ? exportedExtras(shownExtras(state)) : []),
	];
	switch (format) {
		case 'csv':
			return csvRows(components.flatMap(seriesOf));
		case 'openmetrics':
			return openMetricsText(components.flatMap(seriesOf), targetName(state.target));
		case 'html':
			return [htmlPage(state, zone)];
	}
}
