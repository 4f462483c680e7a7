import type {Points} from '../api/points.ts';
import type {GpuRow} from '../metrics/arrange.ts';
import type {Busy} from '../metrics/node.ts';
import type {Thresholds} from '../metrics/thresholds.ts';
import type {Window} from '../metrics/windows.ts';
import type {Choices} from '../state/choices.ts';
import type {Component, PerComponent} from '../state/component.ts';
import type {ShownExtras} from '../state/sampler-extras.ts';
import type {Mode, ViewModel, Zoom} from '../state/state.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {windowWords} from '../text/cost-text.ts';
import {describeFailure} from '../text/failure-text.ts';
import {formatAge, formatPercent} from '../text/format.ts';
import {describeSamplerStatus, describeStatus, isAsleep} from '../text/status-text.ts';
import {type SymbolSet, symbols, type Tone} from '../theme/theme.ts';
import type {ShownReference} from './difference.ts';
import type {FindingMarkers} from './finding-markers.ts';
import type {PanePlace} from './layout.ts';
import {type Line, span, textWidth, wrapWords} from './line.ts';

/** The content of a pane: its title, its current values in forms from wide to narrow, and its lines. */
export type PaneContent = {
	readonly title: string;
	/** The subject of the title, in forms from long to short. */
	readonly subtitles: readonly string[];
	readonly values: readonly Line[];
	readonly body: readonly Line[];
	/** The mouse target of each line of the body, if the line has one. */
	readonly targets?: ReadonlyArray<HitTarget | undefined>;
};

/**
 * A mouse target: a node or one of its GPUs, a row of the list of findings by its key, a deployment to choose, a
 * log entry, or several columns of the same width (in cells), each with a target of its own.
 */
export type HitTarget =
	| {readonly kind: 'node'; readonly node: string; readonly rank?: string}
	| {readonly kind: 'finding'; readonly key: string}
	| {readonly kind: 'deployment'; readonly id: string}
	| {readonly kind: 'log'; readonly component: Component; readonly position: number}
	| {readonly kind: 'columns'; readonly width: number; readonly targets: ReadonlyArray<HitTarget | undefined>};

/** The input of a pane: the view model, the space inside its frame, and the user's choices. */
export type PaneInput = {
	readonly component: Component;
	readonly view: ViewModel;
	/** The view models of both components, if the deployment has a sampler. */
	readonly both: PerComponent<ViewModel> | undefined;
	readonly mode: Mode['kind'];
	/** Whether the data comes from a recording. */
	readonly isReplay: boolean;
	readonly width: number;
	readonly height: number;
	readonly variant: PanePlace['variant'];
	readonly zoom: Zoom;
	readonly focused: boolean;
	readonly selected: number;
	/** The rows of the heat map, and the selected one. */
	readonly gpus: {readonly rows: readonly GpuRow[]; readonly selected: number};
	readonly choices: Choices;
	readonly markers: FindingMarkers;
	readonly thresholds: Thresholds;
	/** The extra metrics of the sampler within the time range on the screen. */
	readonly extras: ShownExtras;
	/** Why the last request for the extra metrics failed; empty if it didn't. */
	readonly extrasFault: string;
	/** The comparison; undefined if nothing is compared, or while nothing is known about it. */
	readonly reference: ShownReference | undefined;
	/** The cost of the window, as text; empty if it is unknown. */
	readonly cost: string;
	/** If the deployment has failed, the last error in its logs, as text; otherwise, or if none is known, empty. */
	readonly lastError: string;
	/** The age, the size, and the name of the last checkpoint of the run, as text; empty if none is known. */
	readonly checkpoint: readonly string[];
	/** The creation times of the checkpoints in the window, in epoch milliseconds; the charts mark them. */
	readonly checkpoints: readonly number[];
	readonly symbols: SymbolSet;
	readonly zone: Zone;
};

/** Returns the time range on the screen, in words that can follow "in", "for", or "loading". */
function spanWords({view, mode, zone}: PaneInput): string {
	const {snapshot, nowMs} = view;
	return mode === 'past'
		? `the ${snapshot.window.name} to ${formatMoment(snapshot.endMs, nowMs, zone)}`
		: `the last ${snapshot.window.name}`;
}

/**
 * Says why a pane has nothing to draw. `what` names its content in words that can follow "no"; `fields` are the names
 * of that content in the API.
 */
export function whyEmpty(input: PaneInput, what: string, fields: readonly string[]): string {
	const {link, deployment, snapshot} = input.view;
	const problem = snapshot.problems.find(({field}) => fields.includes(field));
	if (problem !== undefined) {
		return `the server's ${problem.field} ${problem.problem}`;
	}

	if (link.kind === 'no-metrics') {
		// Only one pane shows what to do: repeating it in all of them would fill the screen.
		const {clause, fact} = describeStatus(deployment?.status);
		return what === 'node metrics' ? `the deployment ${clause}` : `no ${what}: the deployment ${fact}`;
	}

	if (!snapshot.complete) {
		if (link.kind === 'failing' || link.kind === 'refused') {
			return `no data for ${spanWords(input)} yet: ${describeFailure(link.failure)}`;
		}

		return input.isReplay ? `no data for ${spanWords(input)} in the recording yet` : `loading ${spanWords(input)}`;
	}

	const where = input.isReplay ? 'the recording has ' : '';
	// The points that were left out might be those that the pane would show.
	const [brief, reason] =
		snapshot.dropped > 0
			? [`no readable ${what}`, ': the response has points that are unreadable or in the future']
			: [`no ${what}`, samplerClause(input)];
	const sentence = `${where}${brief} in ${spanWords(input)}${reason}`;
	// The beginning of the sentence alone could mean something else.
	return wrapWords(sentence, Math.max(input.width - 2, 1)).length <= input.height ? sentence : brief;
}

/**
 * Returns a clause that explains why a sampler might have no data; empty for the trainer, and if the sampler is active
 * or has no known status.
 */
function samplerClause({component, view}: PaneInput): string {
	const status = view.deployment?.sampler?.status;
	return component === 'trainer' || status === undefined || status === 'ACTIVE'
		? ''
		: `; the sampler ${describeSamplerStatus(status).clause}`;
}

/** Says that none of the nodes or GPUs matches the filter. */
export function whyNoneListed({choices}: PaneInput, what: 'node' | 'GPU'): string {
	return `no ${what} matches ${choices.filter.text}`;
}

/** Centers text in a pane, wrapped at words. */
export function centered(text: string, width: number, height: number): readonly Line[] {
	const shown = wrapWords(text, Math.max(width - 2, 1)).slice(0, Math.max(height, 1));
	const above = Math.max(0, Math.floor((height - shown.length) / 2));
	const blank: Line = [];
	const padded = shown.map(
		(line): Line => [span(' '.repeat(Math.max(0, Math.floor((width - textWidth(line)) / 2)))), span(line, 'dim')],
	);
	return [...Array.from({length: above}, () => blank), ...padded];
}

/**
 * Returns whether the last request failed, so that the values on the screen are the last known ones, however recent
 * they are. False at a cursor and in an earlier range.
 */
export function isCutOff({view: {link, snapshot}, mode}: Pick<PaneInput, 'view' | 'mode'>): boolean {
	return (link.kind === 'failing' || link.kind === 'refused') && snapshot.atMs === undefined && mode !== 'past';
}

/**
 * Returns the word for the time of the values: `now`; `then` at a cursor and at the end of an earlier range; or `last`
 * if the last request failed.
 */
export function timeWord(input: Pick<PaneInput, 'view' | 'mode'>): 'now' | 'then' | 'last' {
	return isCutOff(input) ? 'last' : input.view.snapshot.atMs === undefined && input.mode !== 'past' ? 'now' : 'then';
}

/** Dims a line of current values if they are only the last known ones, except values that need attention. */
export function asOld(line: Line, input: Pick<PaneInput, 'view' | 'mode'>): Line {
	return isCutOff(input)
		? line.map(({text, tone}) => span(text, tone === 'plain' || tone === 'strong' ? 'dim' : tone))
		: line;
}

/**
 * Returns the text that a title shows instead of values that are too old, or that are the last ones before a request
 * failed: the time of the newest sample, in forms from long to short. Unless `value` is empty, the first form also
 * contains it, as the value of that sample. Undefined at a cursor, if there is no sample at all, or if the newest one
 * is current and the last request succeeded.
 */
export function staleForms(newestMs: number | undefined, input: PaneInput, value = ''): readonly Line[] | undefined {
	const {view, zone} = input;
	const {snapshot, nowMs} = view;
	const isCurrent = newestMs !== undefined && snapshot.nowMs - newestMs <= snapshot.newestLimitMs;
	if (newestMs === undefined || snapshot.atMs !== undefined || (isCurrent && !isCutOff(input))) {
		return undefined;
	}

	const age = `${formatAge(snapshot.nowMs - newestMs)} ago`;
	const moment = formatMoment(newestMs, nowMs, zone);
	const tone = staleTone(view);
	return [
		...(value === '' ? [] : [[span(`last ${value} `, 'dim'), span(`at ${moment} ${symbols.dot} ${age}`, tone)]]),
		[span(`last sample ${moment} ${symbols.dot} ${age}`, tone)],
		[span(`last ${age}`, tone)],
		[span(age, tone)],
	];
}

/**
 * Returns the tone in which the age of old values is shown: a warning, unless the deployment is asleep, in which case
 * no samples are expected.
 */
export function staleTone({deployment}: ViewModel): Tone {
	return isAsleep(deployment?.status) ? 'dim' : 'warn';
}

/**
 * Returns the newest known value of a series if it was sampled at `newestMs`, even if that was long ago; otherwise
 * undefined.
 */
export function lastValue({times, values}: Points, newestMs: number | undefined): number | undefined {
	const index = values.findLastIndex(value => !Number.isNaN(value));
	return times[index] === newestMs ? values[index] : undefined;
}

/**
 * Returns the last value of a request series as text, `last 12.3/s`, if it is out of date or the last request failed;
 * undefined otherwise, or if the value is unknown.
 */
export function lastValueText(input: PaneInput, points: Points, format: (value: number) => string): string | undefined {
	const {newestMs} = input.view.snapshot.requests.freshness;
	const last = staleForms(newestMs, input) === undefined ? undefined : lastValue(points, newestMs);
	return last === undefined ? undefined : `last ${format(last)}`;
}

/**
 * The step, in milliseconds, above which samples are means, so that the lowest and highest of them add information to
 * the mean of the window.
 */
const longStepMs = 30_000;

/**
 * Returns `52% of 1h`; `52% (0–98%) of 6h`, with the lowest and highest values, if the samples of the window are means;
 * `52% in 35m of 1h` if the rest of the window is unknown; or `52%` if less than a second is known.
 */
export function busyWords({mean, low, high, knownMs}: Busy, window: Window): string {
	const range = window.stepMs > longStepMs ? ` (${formatPercent(low).replace('%', '')}–${formatPercent(high)})` : '';
	const length = windowWords(window, knownMs);
	const words = knownMs < 1000 ? '' : ` ${length === window.name ? 'of' : 'in'} ${length}`;
	return `${formatPercent(mean)}${range}${words}`;
}
