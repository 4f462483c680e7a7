import {type Condition, fitsGpu, fitsNode} from './filter.ts';
import {compareNames, type Gpu, type Node} from './node.ts';

/**
 * The columns that nodes can be sorted by, in the order in which the key `s` selects them; `gpu` is the lowest
 * utilization of a node's GPUs.
 */
export const sortColumns = ['name', 'gpu', 'util', 'mem', 'cpu', 'ram', 'disk'] as const;
type SortColumn = (typeof sortColumns)[number];

/**
 * A sort order. It starts with the most interesting value of the column, such as the lowest utilization or the fullest
 * disk, or with the least interesting one if `reversed`.
 */
export type Sort = {readonly column: SortColumn; readonly reversed: boolean};

type Measure = {readonly value: (node: Node) => number | undefined; readonly lowestFirst: boolean};

const measures: Readonly<Record<Exclude<SortColumn, 'name'>, Measure>> = {
	gpu: {value: lowestUtilization, lowestFirst: true},
	util: {value: node => node.utilization, lowestFirst: true},
	mem: {value: node => node.gpuMemory, lowestFirst: false},
	cpu: {value: node => node.cpu, lowestFirst: false},
	ram: {value: node => node.ram, lowestFirst: false},
	disk: {value: node => node.disk, lowestFirst: false},
};

function lowestUtilization({gpus}: Node): number | undefined {
	const known = gpus.flatMap(({utilization}) => utilization ?? []);
	return known.length === 0 ? undefined : known.reduce((a, b) => Math.min(a, b));
}

/** Returns whether the lowest value, or the first name, comes first. */
export function isRising({column, reversed}: Sort): boolean {
	return (column === 'name' || measures[column].lowestFirst) !== reversed;
}

/**
 * Returns the nodes that match all conditions, sorted. Nodes with an unknown value come after those with a known one,
 * nodes with equal values are sorted by name, and nodes that are gone come after all others.
 */
export function arrangeNodes(nodes: readonly Node[], sort: Sort, conditions: readonly Condition[]): readonly Node[] {
	const direction = isRising(sort) ? 1 : -1;
	const fitting = nodes.filter(node => fitsNode(node, conditions));
	const compareGone = (a: Node, b: Node): number => Number(a.presence === 'gone') - Number(b.presence === 'gone');
	const {column} = sort;
	if (column === 'name') {
		return fitting.sort((a, b) => compareGone(a, b) || direction * compareNames(a.id, b.id));
	}

	const {value} = measures[column];
	const rank = (node: Node): number => direction * (value(node) ?? direction * Number.POSITIVE_INFINITY);
	const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
	return fitting
		.map(node => ({node, rank: rank(node)}))
		.sort((a, b) => compareGone(a.node, b.node) || compare(a.rank, b.rank) || compareNames(a.node.id, b.node.id))
		.map(({node}) => node);
}

/** A GPU and its node. */
export type GpuRow = {readonly node: Node; readonly gpu: Gpu};

/** Returns the nodes' GPUs that match the conditions, node by node. */
export function gpuRows(nodes: readonly Node[], conditions: readonly Condition[]): readonly GpuRow[] {
	return nodes.flatMap(node => node.gpus.filter(gpu => fitsGpu(gpu, conditions)).map(gpu => ({node, gpu})));
}
