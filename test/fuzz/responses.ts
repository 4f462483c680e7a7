import fc from 'fast-check';
import {type NodeFields, nodeFields, requestFields} from '../../source/demo/served-fields.ts';
import {hostileText, type TimeForm, timeForm, writeTime} from './hostile.ts';

/** The parts of a response. `times` are in seconds before the end of the requested range, in the order of the response. */
export type ResponseSpec = {
	readonly nodes: readonly string[];
	readonly ranks: readonly string[];
	readonly times: readonly number[];
	readonly form: TimeForm;
	/** The values, which are used in rotation for all points of all series. */
	readonly values: readonly number[];
};

type Serve = (keys: readonly string[]) => readonly object[];

function computeOf(serve: Serve, ranks: readonly string[]): NodeFields {
	const points = (): readonly object[] => serve(['value']);
	return nodeFields(ranks, points, points);
}

/** Returns the metrics that a server would return for a range that ends at `endMs`. */
export function metricsOf({nodes, ranks, times, form, values}: ResponseSpec, endMs: number): Record<string, unknown> {
	let next = 0;
	const endSecond = Math.floor(endMs / 1000);
	const texts = times.map(before => writeTime((endSecond - before) * 1000, form));
	const serve: Serve = keys =>
		texts.map(timestamp => ({
			timestamp,
			...Object.fromEntries(keys.map(key => [key, values[next++ % values.length]])),
		}));
	return {
		...requestFields(() => serve(['value'])),
		response_time_stats: serve(['p50', 'p95', 'p99']),
		inference_volume_by_status: serve(['status_2xx', 'status_4xx', 'status_5xx']),
		...computeOf(serve, ranks),
		per_node_metrics: nodes.map(node => ({node_id: node, ...computeOf(serve, ranks)})),
	};
}

const nodeName = fc.oneof(
	{weight: 3, arbitrary: fc.nat(12).map(number => `loops-trainer-${number}`)},
	{weight: 1, arbitrary: hostileText},
);
const rankName = fc.oneof({weight: 4, arbitrary: fc.nat(12).map(String)}, {weight: 1, arbitrary: hostileText});

/** Times in seconds before the end, usually within the requested range, and occasionally far outside it. */
const secondsBefore = fc.oneof(
	{weight: 8, arbitrary: fc.nat(120).map(count => count * 30)},
	{weight: 1, arbitrary: fc.integer({min: -100_000, max: 1_000_000})},
);

/** Generates the parts of a correctly structured response, with values from `value`. */
export function anyResponse(value: fc.Arbitrary<number>): fc.Arbitrary<ResponseSpec> {
	return fc.record({
		nodes: fc.array(nodeName, {maxLength: 4}),
		ranks: fc.array(rankName, {maxLength: 3}),
		times: fc.array(secondsBefore, {maxLength: 8}),
		form: timeForm,
		values: fc.array(value, {minLength: 1, maxLength: 5}),
	});
}

export type DeploymentSpec = {readonly sizes: readonly number[]; readonly texts: readonly string[]};

/** Returns the deployment as a server would describe it. */
export function deploymentOf({sizes, texts}: DeploymentSpec): Record<string, unknown> {
	const [nodes, gpus, gpuMemory, memory, cpu] = sizes;
	const [model, status, gpuType] = texts;
	return {
		id: 'k4q95w5',
		base_model: model,
		status: {name: status},
		node_count: nodes,
		instance_type: {
			name: gpuType,
			gpu_type: gpuType,
			gpu_count: gpus,
			gpu_memory_limit_mib: gpuMemory,
			memory_limit_mib: memory,
			millicpu_limit: cpu,
		},
	};
}

const usualText = fc.constantFrom('RUNNING', 'SCALED_TO_ZERO', 'H100', 'Qwen/Qwen3-30B-A3B-Instruct-2507');

export function anyDeployment(size: fc.Arbitrary<number>): fc.Arbitrary<DeploymentSpec> {
	return fc.record({
		sizes: fc.array(fc.oneof(size, fc.integer({min: 1, max: 100_000})), {maxLength: 5}),
		texts: fc.array(fc.oneof(usualText, hostileText), {maxLength: 3}),
	});
}
