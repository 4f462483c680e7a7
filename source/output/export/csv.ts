import type {ExportedSeries} from './exported-series.ts';

/** The columns of the table, in its order. */
export const csvColumns = ['time', 'component', 'node', 'gpu', 'metric', 'unit', 'value'] as const;

/**
 * Writes series as a tidy table (RFC 4180, with a header and CRLF line ends): one row for each known value, none for a gap.
 * Times are UTC, ISO 8601 with `Z`. `node` and `gpu` are empty for what concerns the whole component.
 *
 * Every value has a fraction, integers too: DuckDB decides the type of a column by its first 20,480 rows, and would round
 * the fractions that come later. A name that begins with `=`, `+`, `-` or `@` gets an apostrophe in front of it, since
 * spreadsheets would run it as a formula.
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

/** The shortest text that is read as the same number, and as a fraction: `93.0`, `0.5`, `1e+21`. */
function csvNumber(value: number): string {
	const text = String(value);
	return /[.e]/.test(text) ? text : `${text}.0`;
}
