import {typedKeys} from '../api/points.ts';
import {newestCheckpoint} from '../api/run.ts';
import type {ExtraKind} from '../api/sampler-extras.ts';
import {targetName} from '../api/target.ts';
import {type Findings, type Finding as Found, findingKey, nodeOf, ranksOf} from '../metrics/findings.ts';
import {responseProblems} from '../metrics/snapshot.ts';
import type {Component} from '../state/component.ts';
import {restartsIn} from '../state/sampler-extras.ts';
import {costOf, idleClause, idleSuffix, shownActivity} from '../state/selectors.ts';
import {findingsWindow, type Link, receivedMs, type State} from '../state/state.ts';
import {describeFailure} from '../text/failure-text.ts';
import {describeEnd, findingSentence} from '../text/finding-sentence.ts';
import {
	deploymentMetrics,
	isoTime,
	jsonComparison,
	jsonLogs,
	jsonNode,
	metric,
	newestSampleFields,
} from './json-metrics.ts';
import {comparisonProblems, logsProblems, partProblems, samplerProblems, toProblem} from './problems.ts';
import {samplerMetrics, shownExtras} from './sampler-metrics.ts';
import type {
	Checkpoints,
	Cost,
	ExtraMetrics,
	Failure,
	Finding,
	Line,
	Metric,
	Run,
	Sampler,
	Snapshot,
} from './snapshot-types.ts';

/** Returns a line of -o jsonl: the current values, or a failure. */
export function jsonLine(state: State): Line {
	const {link} = state.views.trainer;
	return link.kind === 'failing' ? jsonFailure(state, link) : jsonSnapshot(state);
}

/** Returns a failure. It has no values, so that old ones can't be mistaken for current ones. */
function jsonFailure({target, views}: State, link: Extract<Link, {kind: 'failing'}>): Failure {
	const {failure, sinceMs, nextAtMs, receivedMs} = link;
	const {nowMs, snapshot} = views.trainer;
	return {
		schema: 'loops-top/1',
		type: 'failure',
		time: isoTime(nowMs),
		deployment: {id: target.kind === 'deployment' ? target.id : null},
		kind: failure.kind,
		status: failure.kind === 'status' ? failure.status : null,
		message: describeFailure(failure),
		since: isoTime(sinceMs),
		retry: isoTime(nextAtMs),
		last_answer: receivedMs === undefined ? null : isoTime(receivedMs),
		...newestSampleFields(snapshot.newestMs, nowMs),
	};
}

/** Returns the current values. Values that weren't received are null. */
export function jsonSnapshot(state: State): Snapshot {
	const {target, views, findings} = state;
	const {snapshot, deployment, link, nowMs, window} = views.trainer;
	const {newestMs, requests, complete, startMs, endMs} = snapshot;
	const {instance} = deployment ?? {};
	return {
		schema: 'loops-top/1',
		type: 'snapshot',
		time: isoTime(nowMs),
		deployment: {
			id: targetName(target),
			model: deployment?.baseModel ?? null,
			status: deployment?.status ?? null,
			node_count: deployment?.nodeCount ?? null,
			gpus_per_node: instance?.gpusPerNode ?? null,
			gpu_type: instance?.gpuType ?? null,
		},
		window: {
			name: window.name,
			step_seconds: window.stepMs / 1000,
			start: complete ? isoTime(startMs) : null,
			end: complete ? isoTime(endMs) : null,
		},
		has_metrics: link.kind === 'ok',
		took_ms: 'tookMs' in link ? Math.round(link.tookMs) : null,
		...newestSampleFields(newestMs, nowMs),
		metrics: deploymentMetrics(requests),
		activity: shownActivity(state) ?? null,
		cost: jsonCost(state, 'trainer'),
		run: jsonRun(state),
		checkpoints: jsonCheckpoints(state, nowMs),
		sampler: jsonSampler(state),
		logs: jsonLogs(state, 'trainer') ?? null,
		comparison: jsonComparison(state),
		status_shares: requests.shares ?? null,
		nodes: snapshot.nodes.map(jsonNode),
		findings: findings.isEvaluated
			? [...findings.current, ...recentlyResolved(findings, nowMs)].map(finding => jsonFinding(finding, state))
			: null,
		problems: [
			...responseProblems(snapshot),
			...comparisonProblems(state),
			...partProblems(state),
			...logsProblems(state, 'trainer'),
		].map(toProblem),
		dropped_points: snapshot.dropped,
	};
}

/** Returns the known data of the sampler; null if the deployment has no sampler, or isn't known yet. */
function jsonSampler(state: State): Sampler | null {
	const {sampler} = state.live.deployment ?? {};
	if (sampler === undefined) {
		return null;
	}

	const {snapshot, link, nowMs} = state.views.sampler;
	const extras = shownExtras(state);
	const {values, series} = extras;
	const received = receivedMs(link);
	const extra = <Kind extends ExtraKind>(kind: Kind): Metric<(typeof samplerMetrics)[Kind]['unit']> =>
		metric(samplerMetrics[kind].unit, values[kind], series[kind]);
	const named = typedKeys(samplerMetrics).map(kind => [samplerMetrics[kind].name, extra(kind)] as const);
	return {
		model_id: sampler.modelId,
		deployment_id: sampler.deploymentId,
		status: sampler.status ?? null,
		nodes_per_replica: sampler.nodeCount ?? null,
		gpus_per_node: sampler.instance?.gpusPerNode ?? null,
		gpu_type: sampler.instance?.gpuType ?? null,
		time: received === undefined ? null : isoTime(received),
		failure: 'failure' in link ? describeFailure(link.failure) : null,
		...newestSampleFields(snapshot.newestMs, nowMs),
		metrics: {
			...deploymentMetrics(snapshot.requests),
			replicas: metric('replicas', snapshot.replicas.active, snapshot.replicas.series),
			...(Object.fromEntries(named) as ExtraMetrics),
		},
		restarts: restartsIn(extras) ?? null,
		cost: jsonCost(state, 'sampler'),
		status_shares: snapshot.requests.shares ?? null,
		replicas: snapshot.hasBreakdown ? snapshot.nodes.map(jsonNode) : [],
		logs: jsonLogs(state, 'sampler') ?? null,
		problems: [...responseProblems(snapshot), ...samplerProblems(state), ...logsProblems(state, 'sampler')].map(
			toProblem,
		),
	};
}

function jsonRun({run: known, live}: State): Run | null {
	if (known === undefined) {
		return null;
	}

	const {run, atMs} = known;
	return {
		id: run.id,
		name: run.name ?? null,
		status: run.status ?? null,
		session: run.sessionId ?? null,
		created: run.createdAtMs === undefined ? null : isoTime(run.createdAtMs),
		availability: live.deployment?.availability ?? null,
		time: isoTime(atMs),
	};
}

function jsonCheckpoints({checkpoints}: State, nowMs: number): Checkpoints | null {
	if (checkpoints === undefined) {
		return null;
	}

	const {list, unreadable, atMs} = checkpoints;
	const last = newestCheckpoint(checkpoints, nowMs);
	return {
		count: list.length + unreadable,
		unreadable,
		last:
			last === undefined
				? null
				: {
						name: last.name,
						created: isoTime(last.createdAtMs),
						age_seconds: (nowMs - last.createdAtMs) / 1000,
						bytes: last.bytes ?? null,
						target: last.target ?? null,
						sync_status: last.syncStatus ?? null,
					},
		time: isoTime(atMs),
	};
}

function jsonCost({prices, views}: State, component: Component): Cost | null {
	const cost = costOf({prices}, component, views[component]);
	if (cost === undefined) {
		return null;
	}

	const {price, perHour, window} = cost;
	return {
		unit: 'USD',
		source: price.source,
		time: price.source === 'list' && prices.atMs !== undefined ? isoTime(prices.atMs) : null,
		per_node_hour: price.perHour,
		per_hour: perHour ?? null,
		window: window?.total ?? null,
		window_idle: window?.idle?.cost ?? null,
		window_idle_ratio: window?.idle?.share ?? null,
	};
}

/** Returns the findings that ended within the last hour, which is the time range on which findings are based. */
function recentlyResolved({resolved}: Findings, nowMs: number): readonly Found[] {
	return resolved.filter(({untilMs}) => nowMs - untilMs <= findingsWindow.lengthMs);
}

/** Returns a finding in the form of those in a snapshot's `findings`. */
export function jsonFinding(finding: Found, context: State): Finding {
	const {rule, subject, state, sinceMs, sinceIsLowerBound} = finding;
	const ranks = ranksOf(finding);
	const [rank, ...otherRanks] = ranks;
	return {
		rule,
		id: findingKey(finding),
		state,
		subject: {
			node: nodeOf(finding) ?? null,
			gpu: otherRanks.length === 0 ? (rank ?? null) : null,
			gpus: subject.kind === 'gpu' || subject.kind === 'gpus' ? [...ranks] : null,
		},
		value: 'value' in finding ? finding.value : null,
		reference: 'reference' in finding ? finding.reference : null,
		status: 'status' in finding ? finding.status : null,
		full_in_seconds: finding.rule === 'disk-growth' ? Math.round(finding.fullInMs / 1000) : null,
		since: isoTime(sinceMs),
		or_earlier: sinceIsLowerBound,
		last_known: finding.state === 'unknown' ? isoTime(finding.lastKnownMs) : null,
		until: finding.state === 'resolved' ? isoTime(finding.untilMs) : null,
		message:
			finding.state === 'resolved'
				? describeEnd(finding)
				: findingSentence(finding) + idleSuffix(finding, idleClause(context)),
	};
}
