import type {Failure} from '../api/failure.ts';
import {exitCodes, UserError} from '../errors/user-error.ts';
import type {Finding, RuleName} from '../metrics/findings.ts';
import type {PollResult} from '../polling/poller.ts';
import type {Store} from '../state/store.ts';
import {findingSentence} from '../text/finding-sentence.ts';
import {jsonLine} from './json.ts';

/**
 * Returns the error that ends the program if any of these rules has an active finding; otherwise undefined. The error
 * describes the first finding and gives the number of others. An unknown finding doesn't end the program. If missing
 * data should end it, include `stale`, `missing-node`, and `missing-gpu`.
 */
export function failOnError(findings: readonly Finding[], failOn: readonly RuleName[]): UserError | undefined {
	const [worst, ...others] = findings.filter(({rule, state}) => state === 'active' && failOn.includes(rule));
	if (worst === undefined) {
		return undefined;
	}

	const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
	return new UserError(`Found ${findingSentence(worst)}${more}.`, exitCodes.finding);
}

/**
 * The reason why no more lines follow: the requested number of lines was written (in which case the last line can be a
 * failure), or a rule has an active finding.
 */
export type LastLine =
	| {readonly kind: 'counted'; readonly failure: Failure | undefined}
	| {readonly kind: 'found'; readonly error: UserError};

/** The source and the destination of the lines, and the conditions under which they end. */
export type LinesOptions = {
	readonly store: Store;
	/** The number of lines; undefined means no limit. */
	readonly count: number | undefined;
	readonly failOn: readonly RuleName[];
	readonly write: (text: string) => void;
};

/**
 * Writes one line of JSON for each response for the visible window, and for each failure. The first line with values
 * waits for the findings. After that line, a response for the findings' window produces no line if that isn't the
 * visible window.
 */
export class Lines {
	readonly #options: LinesOptions;
	#written = 0;
	#snapshots = 0;
	#last: LastLine | undefined;

	constructor(options: LinesOptions) {
		this.#options = options;
	}

	/** The reason why no more lines follow; undefined while more lines follow. */
	get last(): LastLine | undefined {
		return this.#last;
	}

	/** Writes a poll result. */
	report(result: PollResult): void {
		const {store, failOn} = this.#options;
		if ('failure' in result) {
			this.#write(result.failure);
			return;
		}

		const {views, findings} = store.getState();
		// The first line waits for the findings, because "not evaluated yet" must not look like "none".
		if (findings.isEvaluated && (this.#snapshots === 0 || result.window === views.trainer.window.name)) {
			this.#snapshots++;
			this.#write(undefined);
			const error = failOnError(findings.current, failOn);
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
