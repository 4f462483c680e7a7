import {hasStatus} from '../../api/failure.ts';
import {isReplicaOf} from '../../metrics/replicas.ts';
import {toMs} from '../../state/logs.ts';
import {earliestLogsMs, planLogs} from '../../state/logs-plan.ts';
import type {SideFailure} from '../../state/side-response.ts';
import type {State} from '../../state/state.ts';
import {formatMoment, type Zone} from '../../text/clock-time.ts';
import {describeFailure, nameFailure} from '../../text/failure-text.ts';
import {symbols} from '../../theme/theme.ts';

/** Why logs can't be had, and what happens next. */
function faultWords({failure, nextAtMs}: SideFailure, what: string, zone: Zone): string {
	const again = nextAtMs === undefined ? 'l twice asks again' : `again at ${formatMoment(nextAtMs, nextAtMs, zone)}`;
	if (hasStatus(failure, 404, 405, 501)) {
		return `the server has no ${what} of this deployment: ${describeFailure(failure)} ${symbols.dot} ${again}`;
	}

	return hasStatus(failure, 401, 403)
		? `this key may not see the ${what}: ${describeFailure(failure)} ${symbols.dot} ${again}`
		: `no ${what}: ${describeFailure(failure)} ${symbols.dot} ${again}`;
}

/** The same in very few words, for a title. */
export function briefFault({failure, nextAtMs}: SideFailure, zone: Zone): string {
	const again = nextAtMs === undefined ? '' : ` ${symbols.dot} again ${formatMoment(nextAtMs, nextAtMs, zone)}`;
	return `${symbols.broken} ${nameFailure(failure)}${again}`;
}

/** Why there is nothing to show. */
export function whyNoLogs(state: State, zone: Zone): string {
	const {logs, sideFailures, live} = state;
	const {buffer, filter, level} = logs;
	const [oldest] = buffer.ranges;
	if (sideFailures.logs !== undefined && buffer.lines === 0) {
		return faultWords(sideFailures.logs, 'logs', zone);
	}

	if (oldest === undefined) {
		return state.replay === undefined ? 'asking for the logs' : 'no logs in the recording yet';
	}

	const {node, replicas} = logs.visible;
	const since = `since ${formatMoment(toMs(oldest.fromNs), live.nowMs, zone)}`;
	if (buffer.lines === 0) {
		return level === 'DEBUG' ? `nothing was logged ${since}` : `nothing of ${level} or worse was logged ${since}`;
	}

	if (node !== undefined && replicas.length > 0 && !replicas.some(replica => isReplicaOf(replica, node))) {
		return `no replica of the logs is named like ${node}: ${replicas.join(' ')}`;
	}

	const of = `none of ${buffer.lines} lines ${since}`;
	return filter.text === '' ? `${of} is of ${node ?? 'this node'}` : `${of} matches ${filter.text}`;
}

/** What is to be said above the first of the entries that are shown; undefined where nothing is. */
export function wordsAbove(state: State, zone: Zone): string | undefined {
	const {sideFailures, live, logs} = state;
	const [oldest] = logs.buffer.ranges;
	if (oldest === undefined) {
		return undefined;
	}

	const since = formatMoment(toMs(oldest.fromNs), live.nowMs, zone);
	if (sideFailures.earlierLogs !== undefined) {
		return faultWords(sideFailures.earlierLogs, 'earlier logs', zone);
	}

	if (planLogs(state)?.kind === 'back') {
		return state.replay === undefined
			? `asking for what was before ${since}`
			: `nothing in the recording of what was before ${since}`;
	}

	return toMs(oldest.fromNs) <= earliestLogsMs(live.nowMs)
		? 'nothing earlier: the server tells the last seven days'
		: `looked through until ${since}; ← goes further back`;
}
