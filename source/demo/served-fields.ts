import {type Fields, mapRecord, typedKeys} from '../api/points.ts';
import {
	type GpuSeries,
	gpuSeriesPaths,
	type NodeSeries,
	nodeSeriesPaths,
	type RequestSeries,
	requestSeriesPaths,
	type SeriesPath,
} from '../api/series-table.ts';

/** Arranges the values of a table's series in fields, as in the API's responses. */
function arrange<Name extends string>(
	table: Readonly<Record<Name, SeriesPath>>,
	values: Readonly<Record<Name, unknown>>,
): Fields {
	const fields: Record<string, unknown> = {};
	const maps = new Map<string, Record<string, unknown>>();
	for (const name of typedKeys(table)) {
		const {field, key} = table[name];
		if (key === undefined) {
			fields[field] = values[name];
		} else {
			const map = maps.get(field) ?? {};
			maps.set(field, map);
			map[key] = values[name];
			fields[field] = map;
		}
	}

	return fields;
}

/** The points of one series for each GPU of a node, by rank. */
type Ranks = Readonly<Record<string, readonly object[]>>;

/** The fields of a node in the API's responses. */
export type NodeFields = Fields & Readonly<Record<(typeof gpuSeriesPaths)[GpuSeries]['field'], Ranks>>;

/**
 * Returns the fields of a node as the API serves them.
 *
 * @param ranks the ranks of its GPUs
 * @param ofGpu returns the points of a series of a GPU
 * @param ofNode returns the points of a series of the node
 */
export function nodeFields(
	ranks: readonly string[],
	ofGpu: (name: GpuSeries, rank: string) => readonly object[],
	ofNode: (name: NodeSeries) => readonly object[],
): NodeFields {
	const gpus = typedKeys(gpuSeriesPaths).map(name => {
		const byRank: Ranks = Object.fromEntries(ranks.map(rank => [rank, ofGpu(name, rank)]));
		return [gpuSeriesPaths[name].field, byRank] as const;
	});
	return {
		...(Object.fromEntries(gpus) as NodeFields),
		...arrange(
			nodeSeriesPaths,
			mapRecord(nodeSeriesPaths, (_, name) => ofNode(name)),
		),
	};
}

/** Returns the fields of request metrics in the API's responses, except for those with several columns. */
export function requestFields(ofRequests: (name: RequestSeries) => readonly object[]): Fields {
	return arrange(
		requestSeriesPaths,
		mapRecord(requestSeriesPaths, (_, name) => ofRequests(name)),
	);
}
