import fc from 'fast-check';
import {readDeployment, readDeployments} from '../../source/api/deployment.ts';
import {readErrorBody} from '../../source/api/failure.ts';
import {type Level, readLogs} from '../../source/api/logs.ts';
import {readMetricsResponse} from '../../source/api/metrics-response.ts';
import {Secret} from '../../source/api/secret.ts';
import {activeKeys, commandOf} from '../../source/keymap/command.ts';
import {type KeyFocus, keyFocus} from '../../source/keymap/entry.ts';
import {defaultThresholds} from '../../source/metrics/thresholds.ts';
import {windows} from '../../source/metrics/windows.ts';
import {jsonSnapshot} from '../../source/output/json.ts';
import {textSnapshot} from '../../source/output/text.ts';
import {isRangeFinal, nextQuery, planPast, planQuery} from '../../source/polling/query-range.ts';
import {initialState} from '../../source/state/initial-state.ts';
import {toNs} from '../../source/state/logs.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import type {Zone} from '../../source/text/clock-time.ts';
import type {Size} from '../../source/view/layout.ts';
import {actionAt} from '../../source/view/region.ts';
import {drawScreen, type Screen} from '../../source/view/screen.ts';
import {assertDrawn, assertSafeText, assertServed, ServedNumbers} from './checks.ts';
import {hostileNumber, hostileText, hostileTime, hostileValue, toJson} from './hostile.ts';
import {anyMutation, type Mutation, mutate} from './mutations.ts';
import {
	anyDeployment,
	anyResponse,
	type DeploymentSpec,
	deploymentOf,
	metricsOf,
	type ResponseSpec,
} from './responses.ts';

/** An event for the program: a response, a failure, keypresses, mouse input, passing time, or a resized terminal. */
export type Event =
	| {readonly kind: 'metrics'; readonly response: ResponseSpec; readonly mutations: readonly Mutation[]}
	| {readonly kind: 'json'; readonly value: unknown}
	| {readonly kind: 'deployment'; readonly deployment: DeploymentSpec; readonly mutations: readonly Mutation[]}
	| {readonly kind: 'deployments'; readonly list: readonly DeploymentSpec[]; readonly mutations: readonly Mutation[]}
	| {
			readonly kind: 'logs';
			readonly entries: readonly unknown[];
			/** The start of the range of the logs, in milliseconds before now. */
			readonly fromMs: number;
			readonly lengthMs: number;
			readonly level: Level;
	  }
	| {readonly kind: 'nothing'}
	| {readonly kind: 'failure'; readonly status: number; readonly body: string}
	| {readonly kind: 'keys'; readonly keys: readonly string[]}
	| {readonly kind: 'mouse'; readonly what: 'press' | 'up' | 'down'; readonly x: number; readonly y: number}
	| {readonly kind: 'time'; readonly passedMs: number}
	| {readonly kind: 'resize'; readonly size: Size};

/** One run of the program: its initial settings, and its events. */
type Journey = {
	readonly window: (typeof windows)[number];
	readonly zone: Zone;
	readonly size: Size;
	readonly events: readonly Event[];
};

const secret = new Secret('a-key-that-nobody-sends-back');
const beginsAtMs = Date.UTC(2026, 10, 23, 9, 5, 42);

/** The program without its network or terminal. */
class Traveler {
	#state: State;
	#nowMs = beginsAtMs;
	#size: Size;
	#screen: Screen;
	readonly #zone: Zone;
	readonly #served = new ServedNumbers();

	constructor({window, zone, size}: Journey) {
		const host = 'api.baseten.co';
		this.#state = initialState({
			target: {kind: 'deployment', id: 'k4q95w5'},
			host,
			window,
			intervalMs: 10_000,
			nowMs: this.#nowMs,
			thresholds: defaultThresholds,
		});
		this.#zone = zone;
		this.#size = size;
		this.#screen = this.#draw();
	}

	meet(event: Event): void {
		this.#happen(event);
		this.#screen = this.#draw();
	}

	#draw(): Screen {
		const screen = drawScreen(this.#state, this.#size, this.#zone);
		assertDrawn(screen, this.#size);
		assertServed(this.#state.views.trainer.snapshot, this.#served);
		return screen;
	}

	#happen(event: Event): void {
		switch (event.kind) {
			case 'metrics': {
				const {endMs} = this.#plan().query;
				const metrics = metricsOf(event.response, endMs);
				for (const mutation of event.mutations) {
					mutate(metrics, mutation);
				}

				this.#response(toJson({metrics}));
				break;
			}

			case 'json':
				this.#response(toJson(event.value));
				break;
			case 'deployment': {
				const body = {deployment: deploymentOf(event.deployment)};
				for (const mutation of event.mutations) {
					mutate(body, mutation);
				}

				const deployment = readDeployment(JSON.parse(toJson(body)));
				if (deployment !== undefined) {
					this.#state = reduce(this.#state, {type: 'deploymentLoaded', deployment, atMs: this.#nowMs});
				}

				break;
			}

			case 'deployments': {
				const body = {
					deployments: event.list.map((deployment, index) => ({...deploymentOf(deployment), id: `d${index}`})),
				};
				for (const mutation of event.mutations) {
					mutate(body, mutation);
				}

				const list = readDeployments(JSON.parse(toJson(body)));
				if (list !== undefined) {
					const response = {kind: 'deployments', list} as const;
					this.#state = reduce(this.#state, {type: 'sideRequestSucceeded', response, atMs: this.#nowMs});
				}

				break;
			}

			case 'logs':
				this.#addLogs(event);
				break;
			case 'nothing':
				this.#state = reduce(this.#state, {type: 'noMetrics', atMs: this.#nowMs, tookMs: 12});
				break;
			case 'failure': {
				const {message, retryAfterMs} = readErrorBody(event.body, secret);
				const failure = {kind: 'status', status: event.status, message, retryAfterMs} as const;
				const nextAtMs = this.#nowMs + (retryAfterMs ?? 10_000);
				this.#state = reduce(this.#state, {type: 'pollFailed', failure, atMs: this.#nowMs, nextAtMs});
				break;
			}

			case 'keys':
				for (const key of event.keys) {
					this.#press(key);
				}

				break;
			case 'mouse': {
				const {what: kind, x, y} = event;
				const action = actionAt(this.#screen, {kind, x: x % this.#size.columns, y: y % this.#size.rows});
				this.#state = action === undefined ? this.#state : reduce(this.#state, action);
				break;
			}

			case 'time':
				this.#nowMs += event.passedMs;
				this.#state = reduce(this.#state, {type: 'tick', atMs: this.#nowMs});
				break;
			case 'resize':
				this.#size = event.size;
		}
	}

	#addLogs({entries, fromMs, lengthMs, level}: Extract<Event, {kind: 'logs'}>): void {
		const startMs = this.#nowMs - fromMs;
		const logs = entries.map((entry, index) =>
			typeof entry === 'object' && entry !== null
				? {timestamp: `${startMs + Math.floor((index * lengthMs) / entries.length)}000000`, ...entry}
				: entry,
		);
		const response = readLogs(JSON.parse(toJson({logs})), 'asc');
		if (response !== undefined) {
			const fromNs = toNs(startMs);
			const lastNs = response.lines.at(-1)?.timeNs ?? fromNs;
			const untilNs = toNs(startMs + lengthMs);
			const range = {fromNs, toNs: lastNs > untilNs ? lastNs : untilNs, lines: response.lines, truncatedAt: []};
			const side = {kind: 'logs', level, loaded: {range, dropped: response.dropped}} as const;
			this.#state = reduce(this.#state, {type: 'sideRequestSucceeded', response: side, atMs: this.#nowMs});
		}
	}

	#query(): ReturnType<typeof nextQuery>['query'] {
		return nextQuery(this.#state, new Map(), 0).query;
	}

	#plan(): ReturnType<typeof planQuery> {
		const {kind, history} = this.#query();
		return kind === 'past' ? planPast(history, {withStep: true}) : planQuery(history, this.#nowMs, {withStep: true});
	}

	#response(text: string): void {
		const {kind, history} = this.#query();
		const {range} = this.#plan();
		const body: unknown = JSON.parse(text);
		const read = readMetricsResponse(body);
		const atMs = this.#nowMs;
		if ('problem' in read) {
			const failure = {kind: 'wrong-shape', problem: read.problem} as const;
			this.#state = reduce(this.#state, {type: 'pollFailed', failure, atMs, nextAtMs: atMs + 10_000});
			return;
		}

		this.#served.add(body);
		const response = {window: history.window.name, response: read.response, range, atMs, tookMs: 12};
		this.#state = reduce(
			this.#state,
			kind === 'past'
				? {type: 'metricsReceived', kind: 'past', ...response, isFinal: isRangeFinal(range.endMs, atMs)}
				: {type: 'metricsReceived', kind: 'live', ...response},
		);
	}

	#press(key: string): void {
		const {pageRows, helpLimit} = this.#screen;
		const command = commandOf(key, {...keyFocus(this.#state), columns: 160, pageRows, helpLimit, zone: this.#zone});
		if (command?.kind === 'action') {
			this.#state = reduce(this.#state, command.action);
		}
	}

	/** Checks the text and JSON output, and returns the final state of the journey. */
	end(): Destination {
		assertSafeText(textSnapshot(this.#state, this.#zone));
		assertSafeText(JSON.stringify(jsonSnapshot(this.#state)));
		return {state: this.#state, size: this.#size};
	}
}

/** The final state of a journey, and the final size of the terminal. */
type Destination = {readonly state: State; readonly size: Size};

/** Runs a journey, and checks the screen after each event. */
export function travel(journey: Journey): Destination {
	const traveler = new Traveler(journey);
	for (const event of journey.events) {
		traveler.meet(event);
	}

	return traveler.end();
}

const usualSizes: readonly Size[] = [
	{columns: 160, rows: 45},
	{columns: 80, rows: 24},
	{columns: 40, rows: 45},
	{columns: 30, rows: 10},
];

const anySize: fc.Arbitrary<Size> = fc.oneof(
	{weight: 2, arbitrary: fc.constantFrom(...usualSizes)},
	{
		weight: 2,
		arbitrary: fc.record({columns: fc.integer({min: 1, max: 130}), rows: fc.integer({min: 1, max: 40})}),
	},
	{
		weight: 1,
		arbitrary: fc.record({columns: fc.integer({min: 1, max: 300}), rows: fc.integer({min: 1, max: 100})}),
	},
);

const inPanes: KeyFocus = {
	overlay: 'none',
	isEditing: false,
	isTypingTime: false,
	isInLogs: false,
	isReplay: false,
	isPaused: false,
	mode: 'live',
	pane: 'nodes',
	zoom: 'overview',
	hasRequestedTime: false,
	hasFindings: true,
	hasSampler: true,
};
const keyFocuses: readonly KeyFocus[] = [inPanes, {...inPanes, overlay: 'deployments'}, {...inPanes, isInLogs: true}];
const boundKeys = keyFocuses.flatMap(focus =>
	activeKeys(focus).flatMap(({bindings}) => bindings.flatMap(({keys}) => keys)),
);

/** A few keypresses, or occasionally a typed filter. */
const anyKeys: fc.Arbitrary<readonly string[]> = fc.oneof(
	{weight: 4, arbitrary: fc.array(fc.constantFrom(...boundKeys), {minLength: 1, maxLength: 4})},
	{
		weight: 1,
		arbitrary: fc
			.oneof(
				hostileText,
				fc.constantFrom('gpu<50', 'mem>1T', 'node!~a', 'ram>=', 'loops', '<', 'constructor>1', 'level>=w', '"a b'),
			)
			.map(text => ['/', ...text, 'enter']),
	},
);

const second = 1000;
const day = 86_400 * second;

const anyWrong = fc.oneof({weight: 2, arbitrary: hostileValue}, {weight: 1, arbitrary: hostileTime});
const mutations = fc.array(anyMutation(anyWrong), {maxLength: 4});
const metrics: fc.Arbitrary<Event> = fc.record({
	kind: fc.constant('metrics'),
	response: anyResponse(hostileNumber),
	mutations,
});

const anyLog = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record(
			{
				message: fc.oneof(hostileText, fc.lorem()),
				replica: fc.oneof(hostileText, fc.constantFrom('loops-trainer-0', 'loops-trainer-1', null)),
				request_id: fc.oneof(hostileText, fc.constant(null)),
				level: fc.constantFrom('DEBUG', 'INFO', 'WARNING', 'ERROR', 'LOUD', null),
			},
			{requiredKeys: ['message']},
		),
	},
	{weight: 1, arbitrary: hostileValue},
);

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
	{weight: 6, arbitrary: metrics},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('json'),
			value: fc.oneof(
				fc.jsonValue(),
				fc.jsonValue().map(metrics => ({metrics})),
				fc
					.dictionary(fc.constantFrom('inference_volume', 'gpu_utilization', 'per_node_metrics'), fc.jsonValue())
					.map(metrics => ({metrics})),
			),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({kind: fc.constant('deployment'), deployment: anyDeployment(hostileNumber), mutations}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('deployments'),
			list: fc.array(anyDeployment(hostileNumber), {maxLength: 4}),
			mutations,
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constant('logs'),
			entries: fc.array(anyLog, {maxLength: 12}),
			fromMs: fc.integer({min: 0, max: 2 * 3_600_000}),
			lengthMs: fc.integer({min: 1, max: 3_600_000}),
			level: fc.constantFrom<Level>('DEBUG', 'DEBUG', 'WARNING'),
		}),
	},
	{weight: 1, arbitrary: fc.constant<Event>({kind: 'nothing'})},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('failure'),
			status: fc.constantFrom(400, 401, 404, 418, 429, 500, 503, 599),
			body: fc.oneof(
				hostileText,
				fc.jsonValue().map(toJson),
				hostileText.map(message => toJson({message})),
			),
		}),
	},
	{weight: 8, arbitrary: fc.record({kind: fc.constant('keys'), keys: anyKeys})},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('mouse'),
			what: fc.constantFrom('press', 'up', 'down'),
			x: fc.nat(300),
			y: fc.nat(100),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant('time'),
			passedMs: fc.oneof(fc.constantFrom(second, 10 * second, 60 * second), fc.integer({min: -9 * day, max: 9 * day})),
		}),
	},
	{weight: 2, arbitrary: fc.record({kind: fc.constant('resize'), size: anySize})},
);

/** Any journey; it begins with a response, because nothing is visible without one. */
export const anyJourney: fc.Arbitrary<Journey> = fc.record({
	window: fc.constantFrom(...windows),
	zone: fc.constantFrom<Zone>('utc', 'local'),
	size: anySize,
	events: fc.tuple(metrics, fc.array(anyEvent, {maxLength: 6})).map(([first, rest]) => [first, ...rest]),
});
