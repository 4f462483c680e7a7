import * as z from 'zod/mini';
import {cleanText} from './clean-text.ts';
import {parseTime} from './points.ts';

/** List prices by instance type ID, in US dollars per instance-hour. */
export type Prices = ReadonlyMap<string, number>;

const minutesPerHour = 60;

/** The highest plausible price of a machine per minute; a larger number is in another unit. */
const highestPerMinute = 10_000;

/** A price, which the API sends as a number or a numeric string. */
const listPrice = z
	.union([z.number(), z.pipe(z.string().check(z.regex(/^\s*\d+(?:\.\d+)?\s*$/)), z.transform(Number))])
	.check(z.refine(value => value > 0 && value <= highestPerMinute));

const id = z.string().check(z.minLength(1), z.maxLength(1000));
const entrySchema = z.pipe(
	z.object({instance_type: z.object({id}), price: listPrice}),
	z.transform(({instance_type: {id}, price}) => [cleanText(id, 200), price * minutesPerHour] as const),
);
const responseSchema = z.object({instance_types: z.array(z.unknown())});

/** The maximum number of prices: Baseten has fewer than a hundred instance types. */
const maxPrices = 5000;

/**
 * Parses `{instance_types: [{instance_type: {id}, price}]}`, where `price` is in US dollars per minute (Baseten's
 * OpenAPI specification, September 2026), and converts the prices to prices per hour. Entries without an ID or a
 * plausible price are omitted. Returns undefined if the body has a different structure.
 */
export function readPrices(body: unknown): Prices | undefined {
	const entries = responseSchema.safeParse(body).data?.instance_types.slice(0, maxPrices);
	return entries && new Map(entries.flatMap(entry => readEntry(entry)));
}

function readEntry(entry: unknown): ReadonlyArray<readonly [id: string, perHour: number]> {
	const {data} = entrySchema.safeParse(entry);
	return data === undefined ? [] : [data];
}

const text = z.pipe(
	z.string(),
	z.transform(value => cleanText(value, 200)),
);
const optionalText = z.catch(z.optional(text), undefined);
/** An amount in MiB or thousandths of a core. A value below 1 isn't a plausible machine size. */
const amount = z.catch(z.optional(z.number().check(z.minimum(1), z.maximum(Number.MAX_SAFE_INTEGER))), undefined);
const count = z.catch(z.optional(z.int().check(z.positive(), z.maximum(100_000))), undefined);
const mebibyte = 1024 ** 2;

const instanceSchema = z.pipe(
	z.object({
		id: optionalText,
		name: optionalText,
		gpu_type: optionalText,
		gpu_count: count,
		gpu_memory_limit_mib: amount,
		memory_limit_mib: amount,
		millicpu_limit: amount,
	}),
	z.transform(instance => ({
		id: instance.id,
		name: instance.name,
		gpuType: instance.gpu_type,
		gpusPerNode: instance.gpu_count,
		gpuMemoryBytes: instance.gpu_memory_limit_mib && instance.gpu_memory_limit_mib * mebibyte,
		ramBytes: instance.memory_limit_mib && instance.memory_limit_mib * mebibyte,
		cores: instance.millicpu_limit && instance.millicpu_limit / 1000,
	})),
);

const statusSchema = z.catch(z.optional(z.object({name: text})), undefined);

const instanceOrNone = z.catch(z.optional(instanceSchema), undefined);

const samplerSchema = z.pipe(
	z.object({
		model_id: text,
		deployment_id: text,
		status: statusSchema,
		node_count: count,
		instance_type: instanceOrNone,
	}),
	z.transform(sampler => ({
		modelId: sampler.model_id,
		deploymentId: sampler.deployment_id,
		status: sampler.status?.name,
		nodeCount: sampler.node_count,
		instance: sampler.instance_type,
	})),
);

const time = z.catch(
	z.optional(z.pipe(z.string(), z.transform(parseTime)).check(z.refine(timeMs => !Number.isNaN(timeMs)))),
	undefined,
);

const deploymentSchema = z.pipe(
	z.object({
		id: text,
		base_model: optionalText,
		status: statusSchema,
		user: z.catch(z.optional(z.object({email: optionalText})), undefined),
		created_at: time,
		active_run_id: optionalText,
		latest_run_id: optionalText,
		availability_model: optionalText,
		node_count: count,
		instance_type: instanceOrNone,
		sampler: z.catch(z.optional(samplerSchema), undefined),
	}),
	z.transform(deployment => ({
		id: deployment.id,
		baseModel: deployment.base_model,
		status: deployment.status?.name,
		owner: deployment.user?.email,
		createdAtMs: deployment.created_at,
		runId: deployment.active_run_id ?? deployment.latest_run_id,
		activeRunId: deployment.active_run_id,
		availability: deployment.availability_model,
		nodeCount: deployment.node_count,
		instance: deployment.instance_type,
		sampler: deployment.sampler,
	})),
);

/**
 * A deployment as the API describes it. Only the ID is guaranteed: older servers report neither the node count nor the
 * instance type. Sizes are in bytes, CPU in cores, both per node; GPU memory is per GPU. `runId` is the active run, or
 * otherwise the latest one; `activeRunId` is undefined if no run is active, or if the server doesn't report it.
 * `availability` is `dedicated` or `spot`.
 */
export type Deployment = z.infer<typeof deploymentSchema>;

const deploymentResponse = z.object({deployment: deploymentSchema});
const listResponse = z.object({deployments: z.array(z.unknown())});

/** Returns the deployment in `{deployment: …}`, or undefined if the body has a different structure. */
export function readDeployment(body: unknown): Deployment | undefined {
	return deploymentResponse.safeParse(body).data?.deployment;
}

/** The maximum number of deployments that are listed. Others can be specified on the command line. */
const maxListed = 5000;

/**
 * Returns the deployments in `{deployments: […]}`, at most 5,000, without entries that have no ID or that repeat the
 * ID of an earlier entry; undefined if the body has a different structure.
 */
export function readDeployments(body: unknown): readonly Deployment[] | undefined {
	const entries = listResponse.safeParse(body).data?.deployments.slice(0, maxListed);
	const known = new Map<string, Deployment>();
	for (const entry of entries ?? []) {
		const deployment = deploymentSchema.safeParse(entry).data;
		if (deployment !== undefined && !known.has(deployment.id)) {
			known.set(deployment.id, deployment);
		}
	}

	return entries && [...known.values()];
}
