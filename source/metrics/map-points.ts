import type {MetricsResponse, NodePoints} from '../api/metrics-response.ts';
import type {Points} from '../api/points.ts';

type Change = (points: Points) => Points;

function mapValues<Key extends string>(series: Readonly<Record<Key, Points>>, change: Change): Record<Key, Points> {
	const keys = Object.keys(series) as Key[];
	return Object.fromEntries(keys.map(key => [key, change(series[key])])) as Record<Key, Points>;
}

function mapNode({id, gpus, cpu, ram, disk, diskShare}: NodePoints, change: Change): NodePoints {
	const ranks = [...gpus].map(([rank, gpu]) => [rank, mapValues(gpu, change)] as const);
	return {id, gpus: new Map(ranks), ...mapValues({cpu, ram, disk, diskShare}, change)};
}

/** Returns the response with each of its series changed. */
export function mapPoints(answer: MetricsResponse, change: Change): MetricsResponse {
	const {volume, inProgress, latency, status} = answer.requests;
	return {
		...answer,
		requests: {
			...mapValues({volume, inProgress}, change),
			latency: mapValues(latency, change),
			status: mapValues(status, change),
		},
		replicas: change(answer.replicas),
		leader: mapNode(answer.leader, change),
		nodes: answer.nodes.map(node => mapNode(node, change)),
	};
}
