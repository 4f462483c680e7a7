import type {Failure} from '../../api/failure.ts';
import {type Finding, findingsWithout} from '../../metrics/findings.ts';
import type {Link, State} from '../../state/state.ts';
import {formatMoment, type Zone} from '../../text/clock-time.ts';
import {describeFailure, nameFailure} from '../../text/failure-text.ts';
import {describeEnd, findingSentence, sinceWords, spoken} from '../../text/finding-text.ts';
import {sayDuration, sayNumber} from '../../text/spoken-format.ts';
import {beginningLines, sentence, severally} from './beginning.ts';
import {changesOf} from './changes.ts';
import {type Standing, standingOf} from './standing.ts';

/** What was said until now. */
export type Heard = {
	/** Undefined until it was said where things stand. */
	readonly standing: Standing | undefined;
	/** The kinds of faults that were told since the last answer, in a few words; undefined while there is none. */
	readonly fault: {readonly sinceMs: number; readonly told: readonly string[]} | undefined;
	readonly isRecordingStopped: boolean;
	/** Whether what was played next after the first answer was waited for: it may tell of the deployment itself. */
	readonly hasWaited: boolean;
};

export const nothingHeard: Heard = {standing: undefined, fault: undefined, isRecordingStopped: false, hasWaited: false};

/** What is to be said now, a sentence a line, and what was said then. */
export type Said = {readonly lines: readonly string[]; readonly heard: Heard};

/**
 * What to say of a state to who has heard that much: at first where things stand, and later what has changed enough, each
 * with the time. Nothing where nothing has. Every number in it is one of the state.
 */
export function hear(heard: Heard, state: State, zone: Zone): Said {
	const {link, nowMs} = state.views.trainer;
	const at = `${formatMoment(nowMs, nowMs, zone)}: `;
	const recording = hearRecording(heard, state);
	if (link.kind === 'failing' || link.kind === 'refused') {
		const fault = hearFault(recording.heard, link, nowMs, zone);
		return {lines: [...recording.lines, ...fault.lines].map(line => at + line), heard: fault.heard};
	}

	const end = hearEnd(recording.heard, nowMs);
	const before = [...recording.lines, ...end.lines].map(line => at + line);
	// The first one waits for the findings: that none is known must not be taken for that there is none.
	if (!state.findings.hasLooked) {
		return {lines: before, heard: end.heard};
	}

	const standing = standingOf(state);
	const {standing: said} = end.heard;
	if (said === undefined && state.replay !== undefined && standing.status === undefined && !heard.hasWaited) {
		return {lines: before, heard: {...end.heard, hasWaited: true}};
	}

	if (said === undefined) {
		return {lines: [...before, ...beginningLines(state, standing, zone)], heard: {...end.heard, standing}};
	}

	const changes = changesOf(said, standing);
	const lines = [...findingLines(said.findings, standing.findings, nowMs, zone), ...changes.clauses.map(sentence)];
	return {
		lines: [...before, ...lines.map(line => at + line)],
		heard: {...end.heard, standing: {...changes.said, findings: standing.findings}},
	};
}

function hearRecording(heard: Heard, {recording}: State): Said {
	return recording.kind === 'stopped' && !heard.isRecordingStopped
		? {lines: [sentence(`the recording stopped: ${recording.why}`)], heard: {...heard, isRecordingStopped: true}}
		: {lines: [], heard};
}

type Fault = Extract<Link, {kind: 'failing' | 'refused'}>;

/** A fault is told once, and of those in a row each of another kind: what a server says of one may be new every time. */
function hearFault(heard: Heard, link: Fault, nowMs: number, zone: Zone): Said {
	const {failure, sinceMs} = link;
	const kind = nameFailure(failure);
	const told = heard.fault?.told ?? [];
	if (told.includes(kind)) {
		return {lines: [], heard};
	}

	const next =
		link.kind === 'failing'
			? `it is asked again in ${sayDuration(link.nextAtMs - nowMs)}, at ${formatMoment(link.nextAtMs, nowMs, zone)}`
			: 'it is not asked again';
	return {
		lines: [sentence(`fault: ${failureWords(failure)}; ${next}`)],
		heard: {...heard, fault: {sinceMs, told: [...told, kind]}},
	};
}

/** The words of the screen, with the units as words. */
function failureWords(failure: Failure): string {
	switch (failure.kind) {
		case 'timeout':
			return `no response within ${sayDuration(failure.afterMs)}`;
		case 'too-large':
			return `the response is larger than ${sayNumber(Math.round(failure.limitBytes / 1024 ** 2), 'mebibyte')}`;
		default:
			return describeFailure(failure).replace(/\.$/, '');
	}
}

function hearEnd(heard: Heard, nowMs: number): Said {
	const {fault} = heard;
	return fault === undefined
		? {lines: [], heard}
		: {
				lines: [sentence(`the fault is over after ${sayDuration(nowMs - fault.sinceMs)}: there are answers again`)],
				heard: {...heard, fault: undefined},
			};
}

function findingLines(said: readonly Finding[], now: readonly Finding[], nowMs: number, zone: Zone): readonly string[] {
	return [
		...severally(findingsWithout(now, said), finding =>
			sentence(`found: ${findingSentence(finding, spoken)}, ${sinceWords(finding, nowMs, zone)}`),
		),
		...severally(findingsWithout(said, now), finding => sentence(`over: ${describeEnd(finding)}`)),
	];
}
