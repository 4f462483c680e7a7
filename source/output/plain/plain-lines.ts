import {targetName} from '../../api/target.ts';
import type {Store} from '../../state/store.ts';
import type {Zone} from '../../text/clock-time.ts';
import {announce, nothingSpoken} from './announce.ts';

export type PlainLinesOptions = {
	readonly store: Store;
	readonly zone: Zone;
	readonly write: (text: string) => void;
};

/** Tells in sentences what becomes of a deployment, for who hears it read aloud. */
export class PlainLines {
	/** There is no last one. */
	readonly last = undefined;
	readonly #options: PlainLinesOptions;
	#spoken = nothingSpoken;

	constructor(options: PlainLinesOptions) {
		this.#options = options;
	}

	/** Says what is done until there is something to tell. */
	begin(): void {
		const {target, host, replay} = this.#options.store.getState();
		const what = target.kind === 'unchosen' ? 'the deployments' : `${target.kind} ${targetName(target)}`;
		this.#write([replay === undefined ? `Asking ${host} for ${what}.` : `Reading the recording of ${what}.`]);
	}

	/** Says what has changed since it last did. */
	report(): void {
		const {store, zone} = this.#options;
		const {lines, spoken} = announce(this.#spoken, store.getState(), zone);
		this.#spoken = spoken;
		this.#write(lines);
	}

	/** Says that a recording is over, or can't be read any further. */
	end(): void {
		const why = this.#options.store.getState().replay?.ended?.why;
		this.#write([why === undefined ? 'The recording ends.' : `The recording cannot be read: ${why}.`]);
	}

	#write(lines: readonly string[]): void {
		if (lines.length > 0) {
			this.#options.write(lines.map(line => `${line}\n`).join(''));
		}
	}
}
