import type {Client} from '../../source/api/client.ts';
import {type LogLine, type LogsQuery, levels} from '../../source/api/logs.ts';
import {rejectingClient} from './rejecting-client.ts';

/** Ways in which servers can differ. */
export type LogServerOptions = {
	/** Whether an entry at the very end of the requested range is returned. */
	readonly includesEnd?: boolean;
	/** The position, counted from 0, of the first request that fails; all later requests also fail. */
	readonly failsFrom?: number;
};

/**
 * A simulated server: its client, the requests for logs that it has received, and its entries, oldest first, which a
 * test can replace.
 */
export type LogServer = {readonly client: Client; readonly asked: readonly LogsQuery[]; lines: readonly LogLine[]};

export function createLogServer(lines: readonly LogLine[], options: LogServerOptions = {}): LogServer {
	const {includesEnd = false, failsFrom = Number.POSITIVE_INFINITY} = options;
	const asked: LogsQuery[] = [];
	const server: LogServer = {
		lines,
		asked,
		client: {
			...rejectingClient,
			async logs(_, query) {
				asked.push(query);
				if (asked.length > failsFrom) {
					const failure = {kind: 'status', status: 500, message: '', retryAfterMs: undefined} as const;
					return {ok: false, failure, tookMs: 1};
				}

				const {startMs, endMs, direction, limit, minLevel = 'DEBUG'} = query;
				const startNs = BigInt(startMs) * 1_000_000n;
				const endNs = endMs === undefined ? undefined : BigInt(endMs) * 1_000_000n + (includesEnd ? 1n : 0n);
				const fitting = server.lines.filter(
					({timeNs, level}) =>
						timeNs >= startNs &&
						(endNs === undefined || timeNs < endNs) &&
						(minLevel === 'DEBUG' || (level !== undefined && levels.indexOf(level) >= levels.indexOf(minLevel))),
				);
				const sentLines = direction === 'asc' ? fitting.slice(0, limit) : fitting.slice(-limit);
				// These objects are new, because a client creates new objects for every response.
				return {
					ok: true,
					value: {lines: sentLines.map(line => ({...line})), received: sentLines.length, dropped: 0},
					tookMs: 1,
				};
			},
		},
	};
	return server;
}
