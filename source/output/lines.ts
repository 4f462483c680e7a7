import type {Failure} from '../api/failure.ts';
import type {UserError} from '../errors/user-error.ts';
import type {RuleName} from '../metrics/findings.ts';
import type {PollResult} from '../polling/poller.ts';
import type {Store} from '../state/store.ts';
import {failureOf} from './fail-on.ts';
import {jsonLine} from './json.ts';

/** Why no line follows: there were as many as wanted, the last of them perhaps of a failure, or something was found. */
export type LastLine =
	| {readonly kind: 'counted'; readonly failure: Failure | undefined}
	| {readonly kind: 'found'; readonly error: UserError};

export type LinesOptions = {
	readonly store: Store;
	/** How many are wanted; undefined is without end. */
	readonly count: number | undefined;
	readonly failOn: readonly RuleName[];
	readonly write: (text: string) => void;
};

/**
 * Writes a line of JSON for each poll: for an answer of the shown window, and for a failure. Answers of the window that
 * findings are made from, where that is another, come between the polls and make no line.
 */
export class Lines {
	readonly #options: LinesOptions;
	#written = 0;
	#snapshots = 0;
	#last: LastLine | undefined;

	constructor(options: LinesOptions) {
		this.#options = options;
	}

	/** Why the last line that was written is the last of all; undefined while more are wanted. */
	get last(): LastLine | undefined {
		return this.#last;
	}

	/** Takes note of what a request of the poller brought. */
	report(result: PollResult): void {
		const {store, failOn} = this.#options;
		if ('failure' in result) {
			this.#write(result.failure);
			return;
		}

		const {views, findings} = store.getState();
		// The first one waits for the findings: that none is known must not be taken for that there is none.
		if (findings.hasLooked && (this.#snapshots === 0 || result.window === views.trainer.window.name)) {
			this.#snapshots++;
			this.#write(undefined);
			const error = failureOf(findings.current, failOn);
			this.#last = error === undefined ? this.#last : {kind: 'found', error};
		}
	}

	#write(failure: Failure | undefined): void {
		const {store, count, write} = this.#options;
		write(`${JSON.stringify(jsonLine(store.getState()))}\n`);
		this.#written++;
		if (this.#written === count) {
			this.#last = {kind: 'counted', failure};
		}
	}
}
