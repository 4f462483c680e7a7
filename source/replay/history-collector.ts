import {addAnswer, emptyHistory, type History} from '../metrics/history.ts';
import type {Window} from '../metrics/windows.ts';
import type {RecordedAnswer} from '../recording/format.ts';
import type {Component} from '../state/component.ts';
import {watchWindow} from '../state/state.ts';
import {thin} from './downsample.ts';
import {readNews} from './recorded-answer.ts';
import type {RecordedQuery} from './recorded-query.ts';

/** A window of a component up to a time, which is now or earlier, in epoch milliseconds. */
export type Stretch = {
	readonly component: Component;
	readonly kind: 'live' | 'past';
	readonly window: Window;
	readonly endMs: number;
};

type Candidate = {readonly answer: RecordedAnswer; readonly query: RecordedQuery};

/**
 * Puts together what answers tell of a stretch: those of its own window, and of a trainer also those of the window of the
 * findings, which is always asked for. An answer that the next one holds too is not read.
 */
export class StretchCollector {
	readonly stretch: Stretch;
	readonly #startMs: number;
	#history: History;
	#candidate: Candidate | undefined;

	constructor(stretch: Stretch) {
		this.stretch = stretch;
		this.#startMs = stretch.endMs - stretch.window.lengthMs;
		this.#history = emptyHistory(stretch.window);
	}

	/** Takes an answer, in the order of the recording. */
	async offer(answer: RecordedAnswer, query: RecordedQuery): Promise<void> {
		const {window, range} = query;
		const isWatch = window.name === watchWindow.name && this.stretch.component === 'trainer';
		const isOfUse = window.name === this.stretch.window.name || isWatch;
		if (!isOfUse || range.endMs < this.#startMs || range.startMs > this.stretch.endMs) {
			return;
		}

		const before = this.#candidate;
		if (before !== undefined && !this.#isWithin(before.query, query)) {
			await this.#add(before);
		}

		this.#candidate = {answer, query: query};
	}

	/** All that is known of the stretch; undefined where nothing was told of a window up to now. */
	async finish(): Promise<History | undefined> {
		const last = this.#candidate;
		this.#candidate = undefined;
		if (last !== undefined) {
			await this.#add(last);
		}

		const {endMs, kind} = this.stretch;
		const isPast = kind === 'past';
		return this.#history.complete || isPast
			? {...this.#history, startMs: this.#startMs, endMs, complete: true, settled: isPast}
			: undefined;
	}

	/** Another deployment was watched from here on. */
	forget(): void {
		this.#history = emptyHistory(this.stretch.window);
		this.#candidate = undefined;
	}

	/** Whether nothing that is wanted of one answer is not in the next one too. */
	#isWithin({window, range}: RecordedQuery, next: RecordedQuery): boolean {
		const {stepMs} = this.stretch.window;
		const firstWanted = Math.ceil(range.startMs / stepMs) * stepMs;
		return window.name === next.window.name && firstWanted >= next.range.startMs && range.endMs <= next.range.endMs;
	}

	async #add({answer, query}: Candidate): Promise<void> {
		const news = await readNews(answer);
		if ((news?.kind !== 'trainer' && news?.kind !== 'sampler') || !news.result.ok) {
			return;
		}

		const {endMs, window} = this.stretch;
		const isOwn = query.window.name === window.name;
		const grid = {startMs: this.#startMs, endMs, stepMs: isOwn ? 0 : window.stepMs};
		const range = {startMs: this.#startMs, endMs, whole: false};
		this.#history = addAnswer(this.#history, thin(news.result.value, grid), range);
	}
}
