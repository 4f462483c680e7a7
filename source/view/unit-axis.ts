import type {Unit} from '../metrics/metric-table.ts';
import {trimZeros} from '../text/format.ts';
import {formatOf} from '../text/unit-format.ts';
import {type AxisMaker, linearAxis, rangeAxis, shareAxis, type ValueAxis} from './axis.ts';

const byteUnits = ['', 'K', 'M', 'G', 'T', 'P'] as const;

/** Returns a function that creates axes with round labels in the binary unit of the highest value: `1.2T`, `2T`. */
function inBinaryUnits(axisOfSizes: (peak: number, rows: number, lowest: number) => ValueAxis): AxisMaker {
	return (peak = 1, rows, lowest = 0) => {
		const power = Math.floor(Math.log(Math.max(peak, 1) * 1.001) / Math.log(1024));
		const shown = Math.min(power, byteUnits.length - 1);
		const unit = 1024 ** shown;
		const {rowOf, ticks} = axisOfSizes(peak / unit, rows, lowest / unit);
		const format = (value: number): string =>
			value === 0 ? '0' : `${trimZeros(Number(value.toPrecision(4)).toFixed(3))}${byteUnits[shown] ?? ''}`;
		return {rowOf: value => rowOf(value / unit), ticks, format};
	};
}

/** An axis for bytes over the range of its values. */
export const byteAxis: AxisMaker = inBinaryUnits(rangeAxis);

/** The axes of charts, by the unit of their values. */
const axes: Readonly<Record<Unit, AxisMaker>> = {
	cores: linearAxis,
	bytes: byteAxis,
	ratio: shareAxis,
	ms: linearAxis,
	requests: linearAxis,
	'requests/s': linearAxis,
};

/** An axis, and the format of its labels. */
type LabeledAxis = {readonly axis: AxisMaker; readonly format: (value: number) => string};

/**
 * Returns the axis and the format of the labels of charts whose values are in this unit. Labels of rates have no space
 * for `/s`; see `chartTitle`.
 */
export function axisOf(unit: Unit): LabeledAxis {
	return {axis: axes[unit], format: value => trimZeros(formatOf[unit](value).replace(/\/s$/, ''))};
}
