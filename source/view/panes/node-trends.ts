import type {Points} from '../../api/points.ts';
import {seriesOf} from '../../metrics/history.ts';
import type {Node} from '../../metrics/node.ts';
import {utilizationTone} from '../../theme/theme.ts';
import type {PaneInput} from '../pane-content.ts';
import {chartRange, resample, type Summary} from '../resample.ts';
import {courseRow, type ToneOf} from '../sparkline.ts';
import type {Column} from './node-column.ts';

const leastCourse = 12;
const mostCourse = 60;

type Course = {readonly title: string; readonly tone: ToneOf; readonly values: (node: Node, width: number) => Values};
type Values = ReadonlyArray<number | undefined>;

/** Returns the trends over the window, as many as fit: utilization first; in full screen also the others. */
export function trendColumns(spare: number, input: PaneInput): readonly Column[] {
	const {snapshot} = input.view;
	const {stepMs, name} = snapshot.window;
	const of = (points: Points, width: number, top: number | undefined, summary: Summary = 'extremes'): Values => {
		const values = resample(points, chartRange(snapshot, width), width, {stepMs, summary});
		const highest = top ?? values.reduce<number>((a, b) => Math.max(a, b ?? 0), 0);
		return values.map(value => (value === undefined || highest === 0 ? undefined : value / highest));
	};
	const trends: readonly Course[] = [
		{title: 'util', tone: utilizationTone, values: (node, width) => meanUtilization(node, width, of)},
		{title: 'cpu', tone: 'first', values: ({series, cpuTotal}, width) => of(series.cpu, width, cpuTotal)},
		{title: 'ram', tone: 'second', values: ({series, ramTotal}, width) => of(series.ram, width, ramTotal)},
		{title: 'disk', tone: 'third', values: ({series}, width) => of(series.diskShare, width, 1)},
	];
	// The API doesn't report the storage of replicas.
	const available = input.component === 'trainer' ? trends : trends.filter(({title}) => title !== 'disk');
	const most = input.variant === 'full' ? available.length : 1;
	const count = Math.min(Math.floor((spare + 2) / (leastCourse + 2)), most);
	const width = Math.min(Math.floor((spare + 2) / Math.max(count, 1)) - 2, mostCourse);
	return available.slice(0, Math.max(count, 0)).map(({title, tone, values}) => ({
		title: `${title} in ${name}`,
		width,
		align: 'left',
		worth: 7,
		cell: node => courseRow(values(node, width), seriesOf(node.series), {snapshot, tone, top: 1}),
	}));
}

/** Returns the mean utilization of the node's GPUs over the window. */
function meanUtilization(
	{gpus}: Node,
	width: number,
	of: (points: Points, width: number, top: number, summary: Summary) => Values,
): Values {
	const all = gpus.map(({series}) => of(series.utilization, width, 1, 'mean'));
	return Array.from({length: width}, (_, column) => {
		const known = all.flatMap(values => values[column] ?? []);
		return known.length === 0 ? undefined : known.reduce((a, b) => a + b) / known.length;
	});
}
