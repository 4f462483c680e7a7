import {addMetrics, emptyHistory, type History} from '../metrics/history.ts';
import type {Window} from '../metrics/windows.ts';
import type {RecordedResponse} from '../recording/format.ts';
import type {Component} from '../state/component.ts';
import {findingsWindow} from '../state/state.ts';
import {decodeResponse} from './decode-response.ts';
import {downsample} from './downsample.ts';
import type {RecordedQuery} from './recorded-query.ts';

/** A window of a component up to a time, which is now or earlier, in epoch milliseconds. */
export type TimeRange = {
	readonly component: Component;
	readonly kind: 'live' | 'past';
	readonly window: Window;
	readonly endMs: number;
};

type Candidate = {readonly answer: RecordedResponse; readonly query: RecordedQuery};

/**
 * Puts together what answers tell of a stretch: those of its own window, and of a trainer also those of the window of the
 * findings, which is always asked for. An answer that the next one holds too is not read.
 */
export class HistoryBuilder {
	readonly range: TimeRange;
	readonly #startMs: number;
	#history: History;
	#candidate: Candidate | undefined;

	constructor(range: TimeRange) {
		this.range = range;
		this.#startMs = range.endMs - range.window.lengthMs;
		this.#history = emptyHistory(range.window);
	}

	/** Takes an answer, in the order of the recording. */
	async offer(answer: RecordedResponse, query: RecordedQuery): Promise<void> {
		const {window, range} = query;
		const isWatch = window.name === findingsWindow.name && this.range.component === 'trainer';
		const isOfUse = window.name === this.range.window.name || isWatch;
		if (!isOfUse || range.endMs < this.#startMs || range.startMs > this.range.endMs) {
			return;
		}

		const before = this.#candidate;
		if (before !== undefined && !this.#isWithin(before.query, query)) {
			await this.#add(before);
		}

		this.#candidate = {answer, query};
	}

	/** All that is known of the stretch; undefined where nothing was told of a window up to now. */
	async finish(): Promise<History | undefined> {
		const last = this.#candidate;
		this.#candidate = undefined;
		if (last !== undefined) {
			await this.#add(last);
		}

		const {endMs, kind} = this.range;
		const isPast = kind === 'past';
		return this.#history.complete || isPast
			? {...this.#history, startMs: this.#startMs, endMs, complete: true, settled: isPast}
			: undefined;
	}

	/** Another deployment was watched from here on. */
	forget(): void {
		this.#history = emptyHistory(this.range.window);
		this.#candidate = undefined;
	}

	/** Whether nothing that is wanted of one answer is not in the next one too. */
	#isWithin({window, range}: RecordedQuery, next: RecordedQuery): boolean {
		const {stepMs} = this.range.window;
		const firstWanted = Math.ceil(range.startMs / stepMs) * stepMs;
		return window.name === next.window.name && firstWanted >= next.range.startMs && range.endMs <= next.range.endMs;
	}

	async #add({answer, query}: Candidate): Promise<void> {
		const response = await decodeResponse(answer);
		if ((response?.kind !== 'trainer' && response?.kind !== 'sampler') || !response.result.ok) {
			return;
		}

		const {endMs, window} = this.range;
		const isOwn = query.window.name === window.name;
		const buckets = {startMs: this.#startMs, endMs, stepMs: isOwn ? 0 : window.stepMs};
		// A response about its own window replaces what was known of its range; of another window it only adds to it.
		const fromMs = isOwn ? Math.max(query.range.startMs, this.#startMs) : endMs;
		const range = {startMs: fromMs, endMs, whole: false};
		this.#history = addMetrics(this.#history, downsample(response.result.value, buckets), range);
	}
}
