import {targetName} from '../../api/target.ts';
import type {Finding, Findings} from '../../metrics/findings.ts';
import {changesBetween} from '../../metrics/known-findings.ts';
import {idleSuffix} from '../../state/selectors.ts';
import type {Link, State} from '../../state/state.ts';
import type {Store} from '../../state/store.ts';
import {formatMoment, type Zone} from '../../text/clock-time.ts';
import {nameFailure, sayFailure} from '../../text/failure-text.ts';
import {datedSentence, describeEnd, sinceWords} from '../../text/finding-sentence.ts';
import {spokenNumbers} from '../../text/finding-text.ts';
import {sayDuration} from '../../text/spoken-format.ts';
import {changesOf} from './changes.ts';
import {listWithMore, openingLines, sentence} from './opening.ts';
import {type StatusSummary, summarizeStatus} from './status-summary.ts';

/** The facts that have been announced so far. */
type SpokenState = {
	/** Undefined until the state has been described once. */
	readonly summary: StatusSummary | undefined;
	/**
	 * Short names of the kinds of failures that have been announced since the last response; undefined if there were
	 * none.
	 */
	readonly fault: {readonly sinceMs: number; readonly announced: readonly string[]} | undefined;
	readonly isRecordingStopped: boolean;
	/**
	 * Whether the description was postponed until the second response of a recording, because that response can be the
	 * one that describes the deployment.
	 */
	readonly hasWaited: boolean;
};

/** The state before anything has been announced. */
export const nothingSpoken: SpokenState = {
	summary: undefined,
	fault: undefined,
	isRecordingStopped: false,
	hasWaited: false,
};

/** The lines to print now, and the announced state afterward. */
type Announcement = {readonly lines: readonly string[]; readonly spoken: SpokenState};

/**
 * Returns the announcements about a state: first the current state, then each change that is large enough, with the
 * time. The result can be empty. Every number in it is part of the state.
 */
export function announce(spoken: SpokenState, state: State, zone: Zone): Announcement {
	const {link, nowMs} = state.views.trainer;
	const at = `${formatMoment(nowMs, nowMs, zone)}: `;
	const recording = announceRecording(spoken, state);
	if (link.kind === 'failing' || link.kind === 'refused') {
		const fault = announceFault(recording.spoken, link, nowMs, zone);
		return {lines: [...recording.lines, ...fault.lines].map(line => at + line), spoken: fault.spoken};
	}

	const end = announceEnd(recording.spoken, nowMs);
	const before = [...recording.lines, ...end.lines].map(line => at + line);
	// The first description waits for the findings, because "not evaluated yet" must not sound like "none".
	if (!state.findings.isEvaluated) {
		return {lines: before, spoken: end.spoken};
	}

	const summary = summarizeStatus(state);
	const {summary: announced} = end.spoken;
	if (announced === undefined && state.replay !== undefined && summary.status === undefined && !spoken.hasWaited) {
		return {lines: before, spoken: {...end.spoken, hasWaited: true}};
	}

	if (announced === undefined) {
		return {lines: [...before, ...openingLines(state, summary, zone)], spoken: {...end.spoken, summary}};
	}

	const changes = changesOf(announced, summary);
	const lines = [...findingLines(announced.findings, summary, nowMs, zone), ...changes.clauses.map(sentence)];
	return {
		lines: [...before, ...lines.map(line => at + line)],
		spoken: {...end.spoken, summary: {...changes.announced, findings: summary.findings}},
	};
}

function announceRecording(spoken: SpokenState, {recording}: State): Announcement {
	return recording.kind === 'stopped' && !spoken.isRecordingStopped
		? {lines: [sentence(`the recording stopped: ${recording.why}`)], spoken: {...spoken, isRecordingStopped: true}}
		: {lines: [], spoken};
}

type Fault = Extract<Link, {kind: 'failing' | 'refused'}>;

/**
 * Announces a failure once, and subsequent ones only if they are of a different kind, because the server's message can
 * differ each time.
 */
function announceFault(spoken: SpokenState, link: Fault, nowMs: number, zone: Zone): Announcement {
	const {failure, sinceMs} = link;
	const kind = nameFailure(failure);
	const announced = spoken.fault?.announced ?? [];
	if (announced.includes(kind)) {
		return {lines: [], spoken};
	}

	const next =
		link.kind === 'failing'
			? `retrying in ${sayDuration(link.nextAtMs - nowMs)}, at ${formatMoment(link.nextAtMs, nowMs, zone)}`
			: "the request isn't retried";
	return {
		lines: [sentence(`failure: ${sayFailure(failure)}; ${next}`)],
		spoken: {...spoken, fault: {sinceMs, announced: [...announced, kind]}},
	};
}

function announceEnd(spoken: SpokenState, nowMs: number): Announcement {
	const {fault} = spoken;
	return fault === undefined
		? {lines: [], spoken}
		: {
				lines: [sentence(`the failure ended after ${sayDuration(nowMs - fault.sinceMs)}: the server responds again`)],
				spoken: {...spoken, fault: undefined},
			};
}

/** Returns the changes in findings, grouped by the kind of change: new findings first, resolved ones last. */
function findingLines(
	announced: Findings,
	{findings: now, idle}: StatusSummary,
	nowMs: number,
	zone: Zone,
): readonly string[] {
	const {appeared, worsened, knownAgain, becameUnknown, resolved} = changesBetween(announced, now);
	const describeAs = (word: string) => (finding: Finding) =>
		sentence(
			`${word}: ${datedSentence(finding, sinceWords(finding, nowMs, zone), spokenNumbers)}${idleSuffix(finding, idle)}`,
		);
	return [
		...listWithMore(appeared, describeAs('found')),
		...listWithMore(worsened, describeAs('worse now')),
		...listWithMore(knownAgain, describeAs('known again')),
		...listWithMore(becameUnknown, describeAs('unknown now')),
		...listWithMore(resolved, finding => sentence(`resolved: ${describeEnd(finding)}`)),
	];
}

type PlainLinesOptions = {
	readonly store: Store;
	readonly zone: Zone;
	readonly write: (text: string) => void;
};

/** Prints the state of a deployment and its changes as sentences. */
export class PlainLines {
	/** Always undefined, because this output never ends on its own. */
	readonly last = undefined;
	readonly #options: PlainLinesOptions;
	#spoken = nothingSpoken;

	constructor(options: PlainLinesOptions) {
		this.#options = options;
	}

	/** Prints what is being loaded or played, because there is nothing to describe yet. */
	begin(): void {
		const {target, host, replay} = this.#options.store.getState();
		const what = target.kind === 'unchosen' ? 'the deployments' : `${target.kind} ${targetName(target)}`;
		this.#write([replay === undefined ? `Loading ${what} from ${host}.` : `Playing the recording of ${what}.`]);
	}

	/** Prints what changed since the last call. */
	report(): void {
		const {store, zone} = this.#options;
		const {lines, spoken} = announce(this.#spoken, store.getState(), zone);
		this.#spoken = spoken;
		this.#write(lines);
	}

	/** Prints that a recording has ended, or can't be read further. */
	end(): void {
		const why = this.#options.store.getState().replay?.ended?.why;
		this.#write([why === undefined ? 'The recording ends.' : `The recording can't be read: ${why}.`]);
	}

	#write(lines: readonly string[]): void {
		if (lines.length > 0) {
			this.#options.write(lines.map(line => `${line}\n`).join(''));
		}
	}
}
