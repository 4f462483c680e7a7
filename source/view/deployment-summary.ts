import type {Deployment} from '../api/deployment.ts';
import {targetName} from '../api/target.ts';
import type {Activity} from '../metrics/cost.ts';
import {type Finding, samplerRules} from '../metrics/findings.ts';
import {freshMs} from '../metrics/freshness.ts';
import {activeView, shownActivity, shownCost} from '../state/selectors.ts';
import type {State, ViewModel} from '../state/state.ts';
import {rateWords} from '../text/cost-text.ts';
import {formatAge, formatPercent, formatWhole, withNoun} from '../text/format.ts';
import {describeSamplerStatus, describeStatus, noDataWords} from '../text/status-text.ts';
import {symbols, type Tone} from '../theme/theme.ts';
import {type Span, span} from './line.ts';
import {busyWords, isCutOff, timeWord} from './pane-content.ts';

type Part = readonly Span[];

/**
 * The status of a component at a glance, in forms from long to short; for the trainer, all are empty while its status
 * is unknown.
 */
type StatusForms = {
	/** `● RUNNING · degraded 8m`, `× FAILED 10m ago`. */
	readonly full: Part;
	/** `● degraded 8m`. */
	readonly brief: Part;
	readonly mark: Part;
};

/**
 * The words that follow a status, and the tone of the status with its words. `standsAlone` determines the brief form:
 * only the words if it is true, only the status if it is `unneeded`, and both if it is false.
 */
type StatusDetail = {readonly words: string; readonly tone: Tone; readonly standsAlone: boolean | 'unneeded'};

function statusForms(mark: string, status: string, {words, tone, standsAlone}: StatusDetail): StatusForms {
	const between = words === '' ? '' : standsAlone === false ? ' ' : ` ${symbols.dot} `;
	const full = `${status}${between}${words}`;
	return {
		full: [span(`${mark} ${full}`, tone)],
		brief: [span(`${mark} ${standsAlone === 'unneeded' ? status : standsAlone ? words : full}`, tone)],
		mark: [span(mark, tone)],
	};
}

/**
 * Returns the summary of the trainer: its status, followed by the most important fact about it, such as the time since
 * its first finding began.
 */
function statusOf(state: State): StatusForms {
	const status = state.live.deployment?.status;
	if (status === undefined) {
		return {full: [], brief: [], mark: []};
	}

	const {mark, tone} = describeStatus(status);
	const {words, ...rest} = status === 'RUNNING' ? describeRunning(state) : {...describeNotRunning(state), tone};
	// The summary describes the present, even while the past is on the screen.
	const before = words.startsWith(symbols.dot) ? `${symbols.dot} ` : '';
	const present = `${before}now: ${words.slice(before.length)}`;
	const detail = {...rest, words: state.mode.kind === 'past' && words !== '' ? present : words};
	return statusForms(detail.tone === 'bad' && mark === symbols.live ? symbols.mark : mark, status, detail);
}

/** Formats the time for which a finding has lasted: `8m`, or `8m+` if it might have begun earlier. */
function forWords({sinceMs, sinceIsLowerBound}: Finding, nowMs: number): string {
	return `${formatAge(nowMs - sinceMs)}${sinceIsLowerBound ? '+' : ''}`;
}

/**
 * Describes a RUNNING deployment: `no data` if the newest sample is missing or too old; otherwise, the findings;
 * without findings, `no updates` if requests fail, or `data incomplete` if data couldn't be read.
 */
function describeRunning(state: State): StatusDetail {
	const {findings, live} = state;
	const {link, snapshot} = activeView(state);
	const {newestMs, newestLimitMs, window, complete, problems, dropped} = snapshot;
	const isLive = state.mode.kind === 'live' && state.component === 'trainer';
	if (isLive && newestMs !== undefined && live.nowMs - newestMs > newestLimitMs) {
		return {words: `${noDataWords(snapshot)} ${formatAge(live.nowMs - newestMs)}`, tone: 'warn', standsAlone: true};
	}

	if (isLive && complete && newestMs === undefined) {
		return {words: noDataWords(snapshot), tone: 'warn', standsAlone: true};
	}

	// An unknown finding about the sampler, whose metrics might no longer be requested, says nothing about the trainer.
	const worst = findings.current.find(({rule, state: known}) => known === 'active' || !samplerRules.has(rule));
	if (worst?.state === 'unknown') {
		return {words: `unknown for ${formatAge(live.nowMs - worst.lastKnownMs)}`, tone: 'warn', standsAlone: true};
	}

	if (worst?.rule === 'status') {
		// The server doesn't report when a status began, so only an observed change has an age.
		const since = worst.sinceIsLowerBound ? '' : ` ${forWords(worst, live.nowMs)}`;
		return {words: `run ended${since}`, tone: 'warn', standsAlone: true};
	}

	if (worst?.rule === 'idle-deployment') {
		return {words: `idle ${forWords(worst, live.nowMs)}`, tone: 'warn', standsAlone: true};
	}

	if (worst !== undefined) {
		const active = findings.current.filter(({state: known}) => known === 'active');
		const first = active.reduce((a, b) => (b.sinceMs < a.sinceMs ? b : a), worst);
		return {words: `degraded ${forWords(first, live.nowMs)}`, tone: 'warn', standsAlone: true};
	}

	// While requests fail, nothing is known about the present.
	if (link.kind === 'failing') {
		const ageMs = live.nowMs - link.sinceMs;
		return {words: `no updates${ageMs < 1000 ? '' : ` ${formatAge(ageMs)}`}`, tone: 'warn', standsAlone: true};
	}

	const isKnown = findings.isEvaluated && link.kind === 'ok';
	// Only a deployment with current samples counts as healthy.
	const isYoung = newestMs !== undefined && live.nowMs - newestMs <= freshMs(window);
	// The rules can't evaluate data that can't be read.
	if (isKnown && (problems.length > 0 || dropped > 0)) {
		return {words: 'data incomplete', tone: 'plain', standsAlone: true};
	}

	return {words: isKnown ? 'no findings' : '', tone: isKnown && isYoung ? 'good' : 'plain', standsAlone: 'unneeded'};
}

/**
 * Describes a deployment that isn't RUNNING: the time since its status began, or else the age of the newest sample if
 * that is at least a minute. Otherwise, the words are empty.
 */
function describeNotRunning(state: State): Omit<StatusDetail, 'tone'> {
	const {findings, live} = state;
	const {newestMs} = activeView(state).snapshot;
	const found = findings.current.find(({rule}) => rule === 'status');
	if (found !== undefined && !found.sinceIsLowerBound) {
		return {words: `${formatAge(live.nowMs - found.sinceMs)} ago`, standsAlone: false};
	}

	const age = newestMs === undefined ? 0 : live.nowMs - newestMs;
	return {words: age < 60_000 ? '' : `${symbols.dot} last data ${formatAge(age)} ago`, standsAlone: false};
}

/** The parts of the header about the watched deployment. Unknown parts are empty. */
type DeploymentSummary = {
	readonly id: Part;
	readonly status: StatusForms;
	/** The size: the trainer's nodes and GPUs, or the number of active sampler replicas. */
	readonly size: Part;
	/** The cost per hour at the list price or the user's own price. */
	readonly cost: Part;
	/** How busy the GPUs are, in the window and now, in forms from long to short. */
	readonly busy: readonly Part[];
	/** A narrow form: the status mark and the ID of the deployment; for the sampler, its label and status mark. */
	readonly narrow: readonly Part[];
};

function statusSpans(status: string | undefined): Part {
	const {mark, tone} = describeSamplerStatus(status);
	return status === undefined ? [] : [span(`${mark} ${status}`, tone)];
}

/** Formats nodes × GPUs and their type: `4×8 H100`. Empty if the number of GPUs is unknown. */
function sizeText(deployment: Deployment | undefined): string {
	const {gpusPerNode, gpuType} = deployment?.instance ?? {};
	const counts = [deployment?.nodeCount, gpusPerNode].filter(count => count !== undefined).join('×');
	return gpusPerNode === undefined ? '' : `${counts} ${gpuType ?? 'GPU'}`;
}

function replicasText(active: number | undefined): string {
	return active === undefined ? '' : withNoun(formatWhole(active), 'replica');
}

/**
 * Returns `busy 52% of 1h · now 86%`, with the number of GPUs if not all of them report, or with `· waiting for its
 * client` instead of the current value, in forms from long to short. `now` becomes `then` at the cursor and in an
 * earlier range, and `last` while requests fail. Empty if the utilization in the window is unknown.
 */
function busySpans(view: ViewModel, activity: Activity | undefined, mode: State['mode']): readonly Part[] {
	const {totals, window} = view.snapshot;
	const {busy, utilization, gpusReporting, gpusExpected} = totals;
	if (busy === undefined) {
		return [];
	}

	const isCut = isCutOff({view, mode: mode.kind});
	const now = span(formatPercent(utilization), utilization === undefined || isCut ? 'dim' : 'strong');
	const isPartial = gpusReporting > 0 && gpusReporting < gpusExpected;
	const over = isPartial ? [span(` (${gpusReporting} of ${gpusExpected} GPUs)`, 'warn')] : [];
	const word = timeWord({view, mode: mode.kind});
	const isNow = word === 'now';
	const mean = [span('busy ', 'dim'), span(busyWords(busy, window), 'strong')];
	const waiting = [...mean, span(` ${symbols.dot} ${isNow ? '' : `${word} `}`, 'dim')];
	if (activity === 'waiting') {
		const [words, brief] = [span('waiting for its client'), span('waiting')];
		const alone: readonly Part[] = isNow ? [[words], [brief]] : [mean];
		return [[...waiting, words], [...waiting, brief], ...alone];
	}

	// The current mean is never shown without the number of GPUs if it covers only some of them.
	return [[...mean, span(` ${symbols.dot} ${word} `, 'dim'), now, ...over], mean];
}

/** Returns the parts for the component on the screen. The sampler is labeled as such. */
export function summarizeDeployment(state: State): DeploymentSummary {
	const view = activeView(state);
	const {deployment, snapshot} = view;
	const id = [span(targetName(state.target), 'strong')];
	const known = (text: string): Part => (text === '' ? [] : [span(text)]);
	const busy = busySpans(view, state.component === 'trainer' ? shownActivity(state) : undefined, state.mode);
	const spent = shownCost(state);
	const cost = spent?.perHour === undefined ? [] : known(rateWords(spent.perHour, spent.price.source));
	if (state.component === 'trainer') {
		const status = statusOf(state);
		return {id, status, size: known(sizeText(deployment)), cost, busy, narrow: [status.mark, id]};
	}

	const own = statusSpans(deployment?.sampler?.status);
	const component = [span('sampler', 'selected')];
	const full = own.length === 0 ? component : [...component, span(' '), ...own];
	const mark = own.map(({text, tone}) => span(text.slice(0, 1), tone));
	return {
		id,
		status: {full, brief: full, mark},
		size: known(replicasText(snapshot.replicas.active)),
		cost,
		busy,
		narrow: [component, mark],
	};
}
