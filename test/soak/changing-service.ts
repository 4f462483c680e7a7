import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';
import {deploymentBody, metricsBody} from '../../source/demo/bodies.ts';
import {createSimulation, type Simulation} from '../../source/demo/simulation.ts';
import {askedSchema} from '../helpers/served.ts';

/**
 * The number of polls for which a deployment keeps its nodes. After that, some of them are replaced, and the number of
 * nodes changes.
 */
const pollsPerFleet = 30;

/** One out of this many polls fails. */
const faultEvery = 6;

type Fault = (response: ServerResponse) => void;

const refuse =
	(status: number, headers: Readonly<Record<string, string>> = {}): Fault =>
	response => {
		response.writeHead(status, headers).end('{"message": "not now"}');
	};

const respondWith = (type: string, body: string): Fault => {
	return response => {
		response.writeHead(200, {'content-type': type}).end(body);
	};
};

/** The failures, which are used in rotation; for the last one, no response is ever sent. */
const faults: readonly Fault[] = [
	response => response.destroy(),
	refuse(503),
	refuse(429, {'retry-after': '12'}),
	respondWith('text/html', '<p>a proxy</p>'),
	refuse(401),
	respondWith('application/json', '{"metrics": 7}'),
	response => response.writeHead(200).write('{"metr', () => response.destroy()),
	() => undefined,
];

type MetricsBody = {readonly metrics: {readonly per_node_metrics: ReadonlyArray<{readonly node_id: string}>}};

/**
 * A simulated Baseten API on this machine. Which nodes it serves and which polls fail depend only on the number of
 * polls so far.
 */
export class ChangingService {
	polls = 0;
	/** The number of failing requests that are still open, such as those that never get a response. */
	hanging = 0;
	readonly #fleets: readonly [Simulation, ...Simulation[]];
	readonly #server = createServer((request, response) => void this.#respond(request, response));

	constructor(beganAtMs: number) {
		const fleet = (nodes: number, seed: number): Simulation =>
			createSimulation({scenario: 'straggler', seed, startedAtMs: beganAtMs, nodes, gpusPerNode: 8});
		this.#fleets = [fleet(4, 1), fleet(6, 2), fleet(3, 3), fleet(5, 4)];
	}

	/** Starts listening, and returns the URL. */
	async open(): Promise<URL> {
		this.#server.listen(0, '127.0.0.1');
		await once(this.#server, 'listening');
		return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
	}

	async close(): Promise<void> {
		const closed = once(this.#server, 'close');
		this.#server.close();
		this.#server.closeAllConnections();
		await closed;
	}

	get #fleet(): number {
		return Math.floor(this.polls / pollsPerFleet);
	}

	get #simulation(): Simulation {
		return this.#fleets[this.#fleet % this.#fleets.length] ?? this.#fleets[0];
	}

	async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await text(request);
		const send = (value: unknown): void => {
			response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify(value));
		};
		const path = request.url ?? '';
		if (!path.endsWith('/metrics')) {
			send(path.includes('/logs') ? {logs: []} : {deployment: deploymentBody(this.#simulation.setting, Date.now())});
			return;
		}

		this.polls++;
		const fault = this.polls % faultEvery === 0 ? faults[(this.polls / faultEvery) % faults.length] : undefined;
		if (fault === undefined) {
			send(this.#metrics(JSON.parse(body)));
			return;
		}

		this.hanging++;
		response.once('close', () => this.hanging--);
		fault(response);
	}

	#metrics(body: unknown): object {
		const asked = askedSchema.parse(body);
		const span = {
			startMs: asked.start_epoch_millis,
			endMs: asked.end_epoch_millis,
			stepMs: (asked.step_seconds ?? 30) * 1000,
		};
		const {metrics} = metricsBody(this.#simulation, span, Date.now()) as MetricsBody;
		// After each change, every second node has a new name.
		const named = metrics.per_node_metrics.map((node, index) =>
			index % 2 === 0 ? node : {...node, node_id: `trainer-${this.#fleet}-${index}`},
		);
		return {metrics: {...metrics, per_node_metrics: named}};
	}
}
