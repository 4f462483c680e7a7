import type {Unit} from '../metrics/metric-table.ts';
import {formatBytes, formatCount, formatLatency, formatMemory, formatPercent, formatWhole} from './format.ts';

/** Formats a value; undefined and NaN are `–`. */
export type Format = (value: number | undefined) => string;

/** Returns a format that appends a unit to known values: `12.3` becomes `12.3/s`. */
function withUnit(format: Format, unit: string): Format {
	return value => (value === undefined || Number.isNaN(value) ? format(value) : `${format(value)}${unit}`);
}

/** The format of values in each unit: `22.5`, `302G`, `36%`, `123ms`, `7`, `12.3/s`. */
export const formatOf: Readonly<Record<Unit, Format>> = {
	cores: formatCount,
	bytes: formatBytes,
	ratio: formatPercent,
	ms: formatLatency,
	requests: formatWhole,
	'requests/s': withUnit(formatCount, '/s'),
};

/**
 * Returns the title of a chart of values in a unit. The title of a rate says `per second`, because the labels of the
 * axis have no space for `/s`: `requests per second`, `page faults per second`, `network, bytes per second`.
 */
export function chartTitle(label: string, unit: string): string {
	const [, counted] = /^(.+)\/s$/.exec(unit) ?? [];
	if (counted === undefined) {
		return label;
	}

	const isNamed = label === counted || label.endsWith(` ${counted}`);
	return `${isNamed ? label : `${label}, ${counted}`} per second`;
}

/**
 * Formats a value with its unit and, if it is known, the limit that the value is compared with: `22.5 of 96.0 cores`,
 * `302/977 GiB`, `36%`.
 */
export function formatAmount(unit: Unit, value: number | undefined, limit: number | undefined): string {
	switch (unit) {
		case 'cores':
			return `${ofLimit(formatCount, value, limit)} cores`;
		case 'bytes':
			return formatMemory(value, limit);
		default:
			return ofLimit(formatOf[unit], value, limit);
	}
}

function ofLimit(format: Format, value: number | undefined, limit: number | undefined): string {
	return limit === undefined ? format(value) : `${format(value)} of ${format(limit)}`;
}
