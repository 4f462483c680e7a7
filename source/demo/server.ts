import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import * as z from 'zod/mini';
import {deploymentBody, metricsBody, type QueryRange} from './bodies.ts';
import {type DemoReply, logsReply, longestSpanMs, refuse, samplerLogs, samplerReply, trainerLogs} from './routes.ts';
import {type Simulation, simulatedSampleMs} from './simulation.ts';
import {isNetworkDown, statusAt} from './troubles.ts';
import {
	checkpointsBody,
	createWorkspace,
	demoDeploymentId,
	deploymentOfRun,
	pricesBody,
	runBody,
	samplerOf,
	type Workspace,
	type WorkspaceOptions,
} from './workspace.ts';

/** A simulated Baseten server on this machine: its URL, its deployment, and its key. */
export type Demo = {
	readonly apiUrl: string;
	readonly deploymentId: string;
	readonly key: string;
	close(): Promise<void>;
};

/** The options of the demo, and its clock. */
export type DemoOptions = Omit<WorkspaceOptions, 'startedAtMs'> & {
	/** Returns the current time in epoch milliseconds; the local clock by default. */
	readonly now?: () => number;
};

/**
 * The demo's key, which protects nothing: the demo listens only on the loopback interface, and all its data is
 * simulated.
 */
const demoKey = 'loops-top-demo';

const largestBodyBytes = 64 * 1024;
const defaultSpanMs = 3_600_000;
const pointsByDefault = 120;

/**
 * The maximum number of points per series. More would take hundreds of megabytes in the process that draws the screen.
 */
const maxPoints = 2000;

const epochMillis = z.nullish(z.int().check(z.nonnegative()));
const metricsRequest = z.object({
	start_epoch_millis: epochMillis,
	end_epoch_millis: epochMillis,
	step_seconds: z.nullish(z.int().check(z.positive())),
	time_divisor_seconds: z.nullish(z.int().check(z.positive())),
});

function samplerPath(id: string): string {
	const {modelId, deploymentId} = samplerOf(id);
	return `/v1/models/${modelId}/deployments/${deploymentId}`;
}

/** Starts the simulated server on a free port of 127.0.0.1. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
	const {now = Date.now} = options;
	const workspace = createWorkspace({...options, startedAtMs: now()});
	let refusals = 0;
	const server = createServer((request, response) => {
		const {setting} = workspace.deployment(idIn(request.url))?.simulation ?? workspace.target;
		if (isNetworkDown(setting, now())) {
			refusals++;
			fail(response, refusals);
			return;
		}

		void respond(request, workspace, now()).then(
			reply => send(response, reply),
			() => response.destroy(),
		);
	});
	// Neither the demo's connections nor its port keeps the program running.
	server.on('connection', socket => socket.unref());
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	server.unref();
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	return {
		apiUrl: `http://127.0.0.1:${port}`,
		deploymentId: demoDeploymentId,
		key: demoKey,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

/** Responds as during an outage: alternately closes the connection, and responds like a gateway without a backend. */
function fail(response: ServerResponse, refusals: number): void {
	if (refusals % 2 === 1) {
		response.destroy();
	} else {
		response.writeHead(503, {'content-type': 'text/plain'}).end('no healthy upstream');
	}
}

function send(response: ServerResponse, {status, body}: DemoReply): void {
	response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body));
}

/** Returns the parts that follow `/v1/loops/` in a path such as `/v1/loops/deployments/k4q95w5/metrics`. */
function partsOf(url = ''): readonly string[] {
	const [path = ''] = url.split('?');
	return path.split('/').slice(3).map(decodeURIComponent);
}

function idIn(url: string | undefined): string {
	return partsOf(url)[1] ?? '';
}

async function respond(request: IncomingMessage, workspace: Workspace, nowMs: number): Promise<DemoReply> {
	const {method = '', url = '', headers} = request;
	if (headers.authorization !== `Bearer ${demoKey}` && headers.authorization !== `Api-Key ${demoKey}`) {
		return refuse(401, 'UNAUTHORIZED', 'Please check the API key.');
	}

	const [path = '', query = ''] = url.split('?');
	if (method === 'GET' && path === '/v1/instance_type_prices') {
		return {status: 200, body: pricesBody(workspace.target.setting.gpusPerNode)};
	}

	const sampled = workspace.list('org').find(one => path.startsWith(`${samplerPath(one.id)}/`));
	if (method === 'GET' && sampled !== undefined) {
		const {setting} = sampled.simulation;
		const parameters = new URLSearchParams(query);
		return path.endsWith('/logs')
			? logsReply(samplerLogs(setting), parameters, nowMs)
			: samplerReply(setting, parameters, nowMs);
	}

	if (method === 'GET' && path === '/v1/loops/checkpoints') {
		const of = workspace.deployment(deploymentOfRun(new URLSearchParams(query).get('run_id') ?? ''));
		return of === undefined
			? refuse(404, 'NOT_FOUND', 'There is no such run.')
			: {status: 200, body: checkpointsBody(of.simulation.setting, nowMs)};
	}

	const [kind = '', id, what = ''] = partsOf(url);
	const listed = id === undefined ? undefined : workspace.deployment(kind === 'runs' ? deploymentOfRun(id) : id);
	if (method === 'GET' && kind === 'deployments' && id === undefined) {
		const list = workspace.list(new URLSearchParams(query).get('scope') === 'org' ? 'org' : 'own');
		return {status: 200, body: {deployments: list.map(one => deploymentBody(one.simulation.setting, nowMs, one))}};
	}

	if (listed === undefined || id === undefined) {
		return refuse(404, 'NOT_FOUND', 'There is no such deployment.');
	}

	switch (`${method} ${kind} ${what}`) {
		case 'GET deployments ':
			return {status: 200, body: {deployment: deploymentBody(listed.simulation.setting, nowMs, listed)}};
		case 'GET runs ':
			return {
				status: 200,
				body: {run: runBody(listed.simulation.setting, nowMs, {id, deploymentId: listed.id})},
			};
		case 'POST deployments metrics':
			return metricsReply(listed.simulation, await readBody(request), {nowMs, id});
		case 'GET deployments logs':
			return logsReply(trainerLogs(listed.simulation), new URLSearchParams(query), nowMs);
		default:
			return refuse(404, 'NOT_FOUND', 'There is no such route.');
	}
}

async function readBody(request: IncomingMessage): Promise<unknown> {
	let text = '';
	for await (const chunk of request.setEncoding('utf8')) {
		text += chunk;
		if (text.length > largestBodyBytes) {
			return undefined;
		}
	}

	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function metricsReply(
	simulation: Simulation,
	body: unknown,
	{nowMs, id}: {readonly nowMs: number; readonly id: string},
): DemoReply {
	const parsed = metricsRequest.safeParse(body);
	if (!parsed.success) {
		return refuse(400, 'VALIDATION_ERROR', 'The body is not valid.');
	}

	if (statusAt(simulation.setting, nowMs) === 'DEPLOYING') {
		return refuse(404, 'NOT_FOUND', 'The deployment has no metrics yet.');
	}

	const {start_epoch_millis: start, end_epoch_millis: end, step_seconds: step} = parsed.data;
	const endMs = end ?? nowMs;
	const startMs = start ?? endMs - defaultSpanMs;
	if (startMs >= endMs || endMs - startMs > longestSpanMs) {
		return refuse(400, 'VALIDATION_ERROR', 'The start must be before the end, by at most seven days.');
	}

	const stepMs = step
		? step * 1000
		: Math.ceil((endMs - startMs) / pointsByDefault / simulatedSampleMs) * simulatedSampleMs;
	if ((endMs - startMs) / Math.max(stepMs, simulatedSampleMs) > maxPoints) {
		return refuse(400, 'VALIDATION_ERROR', `The step is too short: a series has ${maxPoints} points at most.`);
	}

	const span: QueryRange = {startMs, endMs, stepMs};
	return {status: 200, body: metricsBody(simulation, span, nowMs, id)};
}
