import {targetName} from '../../api/target.ts';
import type {Store} from '../../state/store.ts';
import type {Zone} from '../../text/clock-time.ts';
import {announce, nothingSpoken} from './announce.ts';

export type PlainLinesOptions = {
	readonly store: Store;
	readonly zone: Zone;
	readonly write: (text: string) => void;
};

/** Prints the state and changes of a deployment as sentences. */
export class PlainLines {
	/** Sentences have no last one. */
	readonly last = undefined;
	readonly #options: PlainLinesOptions;
	#spoken = nothingSpoken;

	constructor(options: PlainLinesOptions) {
		this.#options = options;
	}

	/** Prints what is being loaded, until there is something to describe. */
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
