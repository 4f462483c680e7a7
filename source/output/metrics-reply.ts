import {isIP} from 'node:net';
import {hostname} from 'node:os';
import Series from '@prometheus-io/client/lib/gauge.js';
import Registry from '@prometheus-io/client/lib/registry.js';
import type {State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {allGauges, probedGauges} from './gauges.ts';
import type {Gauge} from './value-gauges.ts';

/** The media type of the text that `expose` returns. */
export const expositionType = Registry.PROMETHEUS_CONTENT_TYPE;

/**
 * Formats gauges in the text format of Prometheus. The text is created from scratch each time, so that it contains no
 * stale series.
 */
export async function expose(gauges: readonly Gauge[]): Promise<string> {
	const registry = new Registry();
	for (const {name, help, samples} of gauges) {
		const labelNames = Object.keys(samples[0]?.labels ?? {});
		const series = new Series({name, help, labelNames, registers: [registry]});
		for (const {labels, value} of samples) {
			series.set(labels, value);
		}
	}

	return registry.metrics();
}

/** The response to an HTTP request. */
export type HttpReply = {readonly status: number; readonly type: string; readonly body: Buffer};

const plain = 'text/plain; charset=utf-8';

/** The time for which formatted values are reused while the state doesn't change, in milliseconds. */
const keptMs = 1000;

/**
 * Returns a function that formats the values of a store for Prometheus, at most once per second while the state doesn't
 * change. `now` returns epoch milliseconds.
 */
export function createExposition(store: Store, now: () => number): () => Promise<Buffer> {
	let kept: {readonly of: unknown; readonly atMs: number; readonly body: Promise<Buffer>} | undefined;
	return async () => {
		const state = store.getState();
		const atMs = now();
		if (kept === undefined || kept.of !== state || Math.abs(atMs - kept.atMs) > keptMs) {
			kept = {of: state, atMs, body: expose(allGauges(state, atMs)).then(textReply => Buffer.from(textReply))};
		}

		return kept.body;
	};
}

/** The maximum number of probes whose responses are cached. */
const maxProbes = 1000;

/** A function that returns the response to a request about the deployment with this ID. */
type Probe = (id: string) => Promise<HttpReply>;

/**
 * Returns the handler of `/probe?target=ID`. As is conventional for multi-target exporters, it returns the values of
 * the deployment with this ID, or an error, so that `up` is about that deployment only. It makes no requests to
 * Baseten.
 */
export function createProbe(store: Store, now: () => number): Probe {
	let kept:
		| {readonly of: unknown; readonly atMs: number; readonly replies: Map<string, Promise<HttpReply>>}
		| undefined;
	return async id => {
		const state = store.getState();
		const atMs = now();
		if (kept === undefined || kept.of !== state || Math.abs(atMs - kept.atMs) > keptMs) {
			kept = {of: state, atMs, replies: new Map()};
		}

		const known = kept.replies.get(id);
		const reply = known ?? probe(id, state, atMs);
		if (known === undefined && kept.replies.size < maxProbes) {
			kept.replies.set(id, reply);
		}

		return reply;
	};

	async function probe(id: string, state: State, nowMs: number): Promise<HttpReply> {
		const gauges = probedGauges(state, id, nowMs);
		switch (gauges) {
			case 'unknown':
				return text(404, "This deployment isn't watched. Start loops-top with its ID, or with --all.\n");
			case 'silent':
				return text(503, 'There is no recent response from Baseten about this deployment.\n');
			default:
				return {status: 200, type: expositionType, body: Buffer.from(await expose(gauges))};
		}
	}
}

/**
 * Returns the response to a request, based on its method, its URL, and its `Host`. `listenHost` is the host given to
 * --listen.
 */
export async function makeReply(
	{
		method,
		url,
		host,
	}: {readonly method?: string | undefined; readonly url?: string | undefined; readonly host?: string | undefined},
	listenHost: string,
	exposition: () => Promise<Buffer>,
	probe?: Probe,
): Promise<HttpReply> {
	if (host !== undefined && !isKnownHost(host, listenHost)) {
		return text(421, "This isn't a hostname of loops-top. Use its address, or start it with --listen NAME:PORT.\n");
	}

	if (method !== 'GET' && method !== 'HEAD') {
		return text(405, 'Only GET and HEAD are supported.\n');
	}

	const [path, query] = url?.split('?') ?? [];
	switch (path) {
		case '/metrics':
			return {status: 200, type: expositionType, body: await exposition()};
		case '/':
			return text(200, 'loops-top <a href="/metrics">metrics</a>\n', 'text/html; charset=utf-8');
		case '/probe': {
			const id = new URLSearchParams(query).get('target');
			return id === null || probe === undefined
				? text(400, 'The parameter target is missing. Use /probe?target=ID.\n')
				: await probe(id);
		}

		default:
			return text(404, 'Not found. Use /metrics or /probe?target=ID.\n');
	}
}

/** Returns a response with this body, by default plain text in UTF-8. */
export function text(status: number, content: string, type = plain): HttpReply {
	return {status, type, body: Buffer.from(content)};
}

/**
 * Returns whether a `Host` header is an IP address or a name of this machine, and therefore can't come from a malicious
 * web page: a page whose domain resolves to this machine (DNS rebinding) sends that domain as the host.
 */
function isKnownHost(header: string, listenHost: string): boolean {
	const [, name = '', address = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(header.toLowerCase()) ?? [];
	const host = name === '' ? address.replace(/\.$/, '') : name;
	return (
		isIP(host) !== 0 ||
		host === 'localhost' ||
		host.endsWith('.localhost') ||
		host === listenHost.toLowerCase() ||
		host === hostname().toLowerCase()
	);
}
