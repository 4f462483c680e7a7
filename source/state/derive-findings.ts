import type {Steps} from '../api/slices.ts';
import {evaluateInSteps, evaluateRange} from '../metrics/evaluate.ts';
import {type CurrentFinding, type Findings, findingKey, type ResolvedFinding} from '../metrics/findings.ts';
import type {History} from '../metrics/history.ts';
import type {PollerAction} from './actions.ts';
import type {Precomputed} from './component.ts';
import {findingsWindow, type Link, type State} from './state.ts';

/** Returns whether the first evaluation waits for the deployment, which is requested right after the first metrics. */
export function isAwaited({live, findings}: State, {type}: PollerAction): boolean {
	const {kind} = live.links.trainer;
	const isSecond = type === 'metricsReceived' && (kind === 'ok' || kind === 'no-metrics');
	return !findings.isEvaluated && !isSecond && type !== 'replayEnded' && type !== 'tick';
}

/**
 * Returns the time of the evaluation: newer samples than those covered by the last response are unknown, regardless of
 * how much time passed between two requests or before that response arrived.
 */
function evaluationTime(link: Link, {endMs, window: {stepMs}}: History, nowMs: number): number {
	switch (link.kind) {
		case 'ok':
			return endMs > 0 ? Math.min(link.atMs, endMs + stepMs) : link.atMs;
		case 'no-metrics':
			return link.atMs;
		default:
			return nowMs;
	}
}

/** Evaluates the deployment based on the findings' window, as soon as it is known, and on other known facts. */
export function* withFindings(state: State, awaitsDeployment: boolean, prepared: Precomputed): Steps<State> {
	const {components, live, run, checkpoints, thresholds, findings} = state;
	const link = live.links.trainer;
	const history = components.trainer.histories.find(({window}) => window.name === findingsWindow.name);
	const isKnown = findings.isEvaluated || history?.complete === true || link.kind === 'no-metrics';
	const isDescribed = live.deployment !== undefined || live.isUndescribed || !awaitsDeployment;
	if (history === undefined || !isKnown || !isDescribed) {
		return state;
	}

	const isResponding = link.kind === 'ok' || link.kind === 'no-metrics';
	const context = {
		deployment: live.deployment,
		describedMs: live.describedMs,
		run,
		checkpoints,
		samplerHistory: recentSamplerHistory(state),
		isResponding,
		hasUnreadable: history.dropped > 0,
		nowMs: evaluationTime(link, history, live.nowMs),
		thresholds,
	};
	const inputs = [findings, history, ...Object.values(context)];
	return {
		...state,
		findings: yield* prepared.findings.recall(inputs, () => evaluateInSteps(findings, history, context)),
	};
}

/** The evaluated time ranges: each is evaluated once, because histories never change. */
const evaluated = new WeakMap<
	History,
	Pick<State, 'thresholds' | 'run' | 'checkpoints'> & {readonly findings: Findings}
>();

const joined = new WeakMap<Findings, {readonly live: Findings; readonly findings: Findings}>();

/**
 * Returns the findings of an earlier range, based on its samples and on the findings at that time. Those that hadn't
 * ended by its end are current.
 */
export function* findingsOfRange(
	{findings: live, live: {deployment, nowMs}, run, checkpoints, thresholds}: State,
	history: History,
): Steps<Findings> {
	const known = evaluated.get(history);
	// Without a threshold for checkpoints, the run doesn't matter, although it is received again every minute.
	const isSame =
		known?.thresholds === thresholds &&
		(thresholds.checkpointAgeMs === undefined || (known.run === run && known.checkpoints === checkpoints));
	const findings = isSame
		? known.findings
		: yield* evaluateRange(history, {deployment, run, checkpoints, thresholds, nowMs});
	evaluated.set(history, {thresholds, run, checkpoints, findings});
	const before = joined.get(findings);
	if (before?.live === live) {
		return before.findings;
	}

	const both = join(findings, live, history);
	joined.set(findings, {live, findings: both});
	return both;
}

function untilOf(finding: CurrentFinding | ResolvedFinding): number {
	return finding.state === 'resolved' ? finding.untilMs : Number.POSITIVE_INFINITY;
}

/** Adds live findings that extend into the range, if its samples don't show them. */
function join(found: Findings, live: Findings, {startMs, endMs}: History): Findings {
	const all = [...found.current, ...found.resolved];
	const added = [...live.current, ...live.resolved].filter(
		finding =>
			finding.sinceMs <= endMs &&
			untilOf(finding) >= startMs &&
			!all.some(
				other =>
					findingKey(other) === findingKey(finding) &&
					other.sinceMs <= untilOf(finding) &&
					finding.sinceMs <= untilOf(other),
			),
	);
	const current: CurrentFinding[] = [];
	const resolved: ResolvedFinding[] = [];
	for (const finding of added) {
		if (finding.state === 'resolved' && finding.untilMs <= endMs) {
			resolved.push(finding);
		} else if (finding.state === 'unknown' && finding.lastKnownMs < endMs) {
			current.push(finding);
		} else {
			current.push({...finding, state: 'active'});
		}
	}

	return {...found, current: [...found.current, ...current], resolved: [...found.resolved, ...resolved]};
}

/**
 * Returns the sampler's newest history of an hour or less; undefined if there is none, because the values of longer
 * windows are means over minutes or hours.
 */
export function recentSamplerHistory({components}: Pick<State, 'components'>): History | undefined {
	const [newest] = components.sampler.histories
		.filter(({complete, window}) => complete && window.lengthMs <= findingsWindow.lengthMs)
		.sort((a, b) => b.endMs - a.endMs);
	return newest;
}
