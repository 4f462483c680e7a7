import * as http from 'node:http';
import * as https from 'node:https';
import {lookup} from './lookup.ts';
import type {Network} from './network.ts';
import {defaultTimeoutMs, sendRequest, tlsContext} from './send-request.ts';

/**
 * Idle connections are closed after this time, as fetch does: requests of one poll share one, but one that died
 * silently (say, while a laptop slept) would look like an unresponsive server.
 */
const defaultIdleMs = 4000;

/** The way to the API without a proxy. Connections that are kept open do not keep the program from ending. */
export function openDirect({timeoutMs = defaultTimeoutMs, idleMs = defaultIdleMs} = {}): Network {
	const agents = new Map<string, http.Agent>();
	return {
		async send(url, sent) {
			const {protocol} = url;
			const agent = agents.get(protocol) ?? openAgent(protocol, idleMs);
			agents.set(protocol, agent);
			return sendRequest(url, sent, {agent, timeoutMs});
		},
	};
}

function openAgent(protocol: string, timeout: number): http.Agent {
	const options = {keepAlive: true, timeout, ...(lookup === undefined ? {} : {lookup})};
	return protocol === 'https:' ? new https.Agent({...options, secureContext: tlsContext()}) : new http.Agent(options);
}

/** Without a proxy. */
export const direct: Network = openDirect();
