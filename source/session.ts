import packageJson from '../package.json' with {type: 'json'};
import {type Client, createClient} from './api/client.ts';
import type {Failure} from './api/failure.ts';
import type {Configuration} from './config/configuration.ts';
import {refusal} from './refusal.ts';
import {initialState} from './state/state.ts';
import {createStore, type Store} from './state/store.ts';
import type {OpenTarget} from './target.ts';
import type {UserError} from './user-error.ts';

/** An answer that takes longer than this is given up. */
const requestTimeoutMs = 30_000;

/** What a run of the program holds: whom it asks, and what it knows. */
export type Session = {readonly client: Client; readonly store: Store};

/** Begins with a client of the target and an empty store. */
export function openSession(configuration: Configuration, target: OpenTarget): Session {
	const {window, intervalMs, thresholds} = configuration;
	const {apiUrl, deploymentId, secret} = target;
	const userAgent = `loops-top/${packageJson.version}`;
	const client = createClient({apiUrl, secret, userAgent, timeoutMs: requestTimeoutMs});
	const nowMs = Date.now();
	const store = createStore(initialState({deploymentId, host: apiUrl.host, window, intervalMs, thresholds, nowMs}));
	return {client, store};
}

/** The sentence for a failure; for a deployment that isn't there, with those that are. */
export async function explain(failure: Failure, {client}: Session, target: OpenTarget): Promise<UserError> {
	const {deploymentId, apiUrl, keyFrom} = target;
	const isMissing = failure.kind === 'status' && failure.status === 404;
	const list = isMissing ? await client.deployments(AbortSignal.timeout(5000)).catch(() => undefined) : undefined;
	return refusal(failure, {
		deploymentId,
		host: apiUrl.host,
		keyFrom: keyFrom(),
		known: list?.ok === true ? list.value : undefined,
	});
}
