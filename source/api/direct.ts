import * as http from 'node:http';
import * as https from 'node:https';
import {lookup} from './lookup.ts';
import type {Network} from './network.ts';
import {defaultTimeoutMs, sendRequest} from './send-request.ts';
import {tlsContext} from './trust.ts';

/**
 * The requests of one poll share a connection, and the next poll has a new one where the interval is not short: one that
 * died unseen, as while a laptop slept, would look like a server that does not answer. fetch keeps them as long.
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
