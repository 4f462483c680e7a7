// Longer than 250 lines because it contains all evaluations: of the trainer, of its sampler, and of an earlier range.

import {atOnce, type Steps} from '../api/slices.ts';
import {type Evidence, type Findings, noFindings, type Onset} from './findings.ts';
import {FindingsMerger} from './findings-merger.ts';
import {type History, nodesOf} from './history.ts';
import {type LastSeen, newestCompute, nothingSeen, updateLastSeen, updateStatus} from './last-seen.ts';
import {evaluateDisks, evaluateGpuMemory, evaluateRam, evaluateRestarts} from './rules/capacity.ts';
import {evaluateDiskGrowth} from './rules/disk-growth.ts';
import {evaluateIdleGpus, evaluateStragglers} from './rules/gpus.ts';
import {evaluateMissingGpus, evaluateNodes, evaluateStale, goneAfter} from './rules/presence.ts';
import {evaluateErrors, evaluateSamplerRequests, evaluateStalled} from './rules/requests.ts';
import {type EvaluationContext, gapSlots, type RuleInput, type RuleResult, sampleMs} from './rules/rule.ts';
import {evaluateSilences} from './rules/silences.ts';
import {evaluateCheckpointAge, evaluatePastCheckpoints, evaluateSamplerStatus, evaluateStatus} from './rules/status.ts';
import {evaluateIdleDeployment, layOutUtilization} from './rules/utilization.ts';
import {medianSpacing} from './series.ts';

/** The rules that evaluate each node separately. */
const rulesOfNodes = [evaluateDisks, evaluateDiskGrowth, evaluateRam, evaluateRestarts, evaluateGpuMemory];

/** The number of nodes that one of these rules evaluates per slice, and the number of results added per slice. */
const nodesAtOnce = 16;

/** Evaluates the rules that are based on values of samples. */
function* evaluateValues(input: RuleInput): Steps<readonly RuleResult[]> {
	const ofRequests = [...evaluateErrors(input), ...evaluateStalled(input)];
	const ofNodes: RuleResult[] = [];
	for (const rule of rulesOfNodes) {
		for (let first = 0; first < input.nodes.length; first += nodesAtOnce) {
			yield;
			ofNodes.push(...rule({...input, nodes: input.nodes.slice(first, first + nodesAtOnce)}));
		}
	}

	const grid = yield* layOutUtilization(input);
	return [
		...ofRequests,
		...ofNodes,
		...(yield* evaluateIdleGpus(input, grid)),
		...(yield* evaluateStragglers(input, grid)),
		...evaluateIdleDeployment(input, grid),
	];
}

/** A lookup in an earlier evaluation, and its result. */
type Lookup = {readonly subject: Evidence; readonly atMs: number; readonly onset: Onset | undefined};

/** The results of the value-based rules, and all their inputs. */
type EvaluatedValues = {
	readonly input: Omit<RuleInput, 'knownOnset'>;
	readonly lookups: readonly Lookup[];
	readonly results: readonly RuleResult[];
};

/** The value-based results of an evaluation, by the findings that it produced. */
const evaluatedValues = new WeakMap<Findings, EvaluatedValues>();

/**
 * Returns the value-based results. If all inputs are unchanged, returns the previous ones, because most responses
 * contain no new samples.
 */
function* evaluateValuesOnce(last: EvaluatedValues | undefined, input: RuleInput): Steps<EvaluatedValues> {
	if (last !== undefined && isSameInput(last, input)) {
		return last;
	}

	const lookups: Lookup[] = [];
	const knownOnset: RuleInput['knownOnset'] = (subject, atMs) => {
		const onset = input.knownOnset(subject, atMs);
		lookups.push({subject, atMs, onset});
		return onset;
	};
	// `knownOnset` is left out, because it would retain the earlier evaluation and, through it, all those before it.
	const {knownOnset: _, ...kept} = input;
	return {input: kept, lookups, results: yield* evaluateValues({...input, knownOnset})};
}

function isSameInput({input: last, lookups}: EvaluatedValues, input: RuleInput): boolean {
	return (
		last.requests === input.requests &&
		last.nodes.length === input.nodes.length &&
		last.nodes.every((node, index) => node === input.nodes[index]) &&
		last.startMs === input.startMs &&
		last.endMs === input.endMs &&
		last.slotMs === input.slotMs &&
		last.ramBytes === input.ramBytes &&
		last.gpuMemoryBytes === input.gpuMemoryBytes &&
		last.thresholds === input.thresholds &&
		last.isContinued === input.isContinued &&
		lookups.every(({subject, atMs, onset}) => {
			const now = input.knownOnset(subject, atMs);
			return now?.sinceMs === onset?.sinceMs && now?.sinceIsLowerBound === onset?.sinceIsLowerBound;
		})
	);
}

/** Adds value-based results to a merger, in slices. */
function* addValues(merger: FindingsMerger, results: readonly RuleResult[]): Steps<void> {
	for (const [index, result] of results.entries()) {
		if (index % nodesAtOnce === 0) {
			yield;
		}

		merger.add(result, true);
	}
}

/** Returns the input of the rules for the samples of a history. */
function ruleInput(
	history: History,
	{deployment, thresholds}: Pick<EvaluationContext, 'deployment' | 'thresholds'>,
	{knownOnset, isContinued}: Pick<RuleInput, 'knownOnset' | 'isContinued'>,
): RuleInput {
	const {startMs, endMs, requests, window} = history;
	const slotMs = Math.max(sampleMs, window.stepMs);
	return {
		nodes: nodesOf(history),
		requests,
		startMs,
		endMs,
		slotMs,
		gapMs: gapSlots * slotMs,
		ramBytes: deployment?.instance?.ramBytes,
		gpuMemoryBytes: deployment?.instance?.gpuMemoryBytes,
		thresholds,
		knownOnset,
		isContinued,
	};
}

/**
 * Evaluates a deployment again, based on the samples of the last hour, other known facts, and earlier findings.
 *
 * Only data ends a finding. A finding whose subject has no current data becomes unknown, and nodes and GPUs are
 * remembered for more than an hour. The result depends on the known samples, not on the responses in which they
 * arrived. `history` is empty if the server has no metrics.
 */
export function evaluate(before: Findings, history: History, context: EvaluationContext): Findings {
	return atOnce(evaluateInSteps(before, history, context));
}

/** Evaluates as `evaluate` does, in slices that take a few milliseconds even with a thousand nodes. */
export function* evaluateInSteps(before: Findings, history: History, context: EvaluationContext): Steps<Findings> {
	const {isResponding, nowMs} = context;
	const seen = yield* updateLastSeen(before.lastSeen, history);
	const lastSeen = isResponding ? updateStatuses(seen, context) : seen;
	const merger = new FindingsMerger(before, lastSeen, context);
	const hasRange = history.endMs > 0;
	const knownFromMs = hasRange ? history.startMs : nowMs - history.window.lengthMs;
	const input = ruleInput(history, context, {
		knownOnset: (subject, atMs) => merger.knownOnset(subject, atMs),
		isContinued: before.isEvaluated,
	});
	const evaluated = hasRange ? yield* evaluateValuesOnce(evaluatedValues.get(before), input) : undefined;
	if (evaluated !== undefined) {
		yield* addValues(merger, evaluated.results);
	}

	const nodes = evaluateNodes(lastSeen, context, knownFromMs);
	yield;
	const gpus = evaluateMissingGpus(lastSeen, context);
	for (const result of [...nodes.results, ...gpus.results, ...evaluateStale(lastSeen, context, knownFromMs)]) {
		merger.add(result, false);
	}

	const ofFacts = [
		...evaluateStatus(before, lastSeen),
		...evaluateSamplerStatus(before, lastSeen),
		...evaluateSampler(before, merger, context),
		...evaluateCheckpointAge(before, context),
	];
	for (const result of ofFacts) {
		merger.add(result, true);
	}

	const gone = goneAfter(before.gone, lastSeen, [nodes, gpus]);
	const findings = {
		...merger.finish(gone, {windowStartMs: knownFromMs, areEvaluated: hasRange}),
		isEvaluated: true,
		evaluatedMs: nowMs,
		lastSeen,
		gone,
	};
	if (evaluated !== undefined) {
		evaluatedValues.set(findings, evaluated);
	}

	if (context.samplerHistory !== undefined) {
		evaluatedSamplers.add(findings);
	}

	return findings;
}

/** The findings of evaluations that included samples of the sampler. */
const evaluatedSamplers = new WeakSet<Findings>();

/** Evaluates the rules about requests to the sampler, if its samples are known. */
function evaluateSampler(
	before: Findings,
	merger: FindingsMerger,
	{samplerHistory, thresholds}: EvaluationContext,
): readonly RuleResult[] {
	if (samplerHistory === undefined) {
		return [];
	}

	const input = ruleInput(
		samplerHistory,
		{deployment: undefined, thresholds},
		{
			knownOnset: (subject, atMs) => merger.knownOnset(subject, atMs),
			isContinued: evaluatedSamplers.has(before),
		},
	);
	// The server chooses the step, and doesn't necessarily have a sample every `sampleMs`.
	const slotMs = Math.max(input.slotMs, medianSpacing(samplerHistory.requests.volume));
	return evaluateSamplerRequests({...input, slotMs, gapMs: gapSlots * slotMs});
}

/** Returns the times of a status, which might be newer than the newest evaluated sample. */
function statusTimes(describedMs: number, nowMs: number): {readonly nowMs: number; readonly describedMs: number} {
	return {nowMs: Math.max(nowMs, describedMs), describedMs};
}

/**
 * Adds the statuses of the deployment and its sampler and, while the deployment is RUNNING, the status of its run. The
 * status of an earlier run is dropped.
 */
function updateStatuses(lastSeen: LastSeen, {deployment, describedMs, run, nowMs}: EvaluationContext): LastSeen {
	const known = updateStatus(lastSeen, 'status', deployment?.status, statusTimes(describedMs ?? nowMs, nowMs));
	const withRun =
		deployment?.status === 'RUNNING' && run !== undefined && run.run.id === deployment.runId
			? updateStatus(known, 'run', run.run.status, statusTimes(run.atMs, nowMs))
			: {...known, run: undefined};
	return deployment?.sampler === undefined
		? {...withRun, sampler: undefined}
		: updateStatus(withRun, 'sampler', deployment.sampler.status, statusTimes(describedMs ?? nowMs, nowMs));
}

/**
 * Evaluates an earlier time range based only on its samples and on the checkpoints, as of its end or now, whichever is
 * earlier. Findings that depend on the state at that time (the status, and whether silence was expected) are left out,
 * except for those about nodes and GPUs that were silent while others reported.
 */
export function* evaluateRange(
	history: History,
	{
		deployment,
		run,
		checkpoints,
		thresholds,
		nowMs,
	}: Pick<EvaluationContext, 'deployment' | 'run' | 'checkpoints' | 'thresholds' | 'nowMs'>,
): Steps<Findings> {
	const atMs = Math.min(history.endMs, nowMs);
	const lastSeen = yield* updateLastSeen(nothingSeen, history);
	const described = deployment === undefined ? undefined : {...deployment, status: undefined, createdAtMs: undefined};
	const context: EvaluationContext = {
		deployment: described,
		run,
		checkpoints,
		isResponding: newestCompute(lastSeen) !== undefined,
		hasUnreadable: false,
		nowMs: atMs,
		thresholds,
	};
	const merger = new FindingsMerger(noFindings, lastSeen, context);
	const input = ruleInput(history, context, {knownOnset: () => undefined, isContinued: false});
	yield* addValues(merger, yield* evaluateValues(input));
	const nodes = evaluateNodes(lastSeen, context, history.startMs);
	const gpus = evaluateMissingGpus(lastSeen, context);
	for (const result of [...nodes.results, ...gpus.results, ...(yield* evaluateSilences(input))]) {
		merger.add(result, false);
	}

	for (const result of evaluatePastCheckpoints(context, {startMs: history.startMs, lastSeen})) {
		merger.add(result, true);
	}

	const gone = goneAfter(noFindings.gone, lastSeen, [nodes, gpus]);
	return {
		...merger.finish(gone, {windowStartMs: history.startMs, areEvaluated: true}),
		isEvaluated: history.complete,
		evaluatedMs: atMs,
		lastSeen,
		gone,
	};
}
