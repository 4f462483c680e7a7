import type {RecordedResponse} from '../recording/format.ts';
import type {Route} from './route.ts';

/** Of a long outage its beginning and its end are enough. */
const mostAtEnds = 4;

/** Remembers by which answers one knows how it stands: the last good ones, and what came since the last good metrics. */
export class LastResponses {
	readonly #good = new Map<Route['kind'], RecordedResponse>();
	#since: RecordedResponse[] = [];

	note(answer: RecordedResponse, kind: Route['kind']): void {
		if (answer.isGood) {
			this.#good.set(kind, answer);
		}

		if (answer.isGood && kind === 'trainer') {
			this.#since = [];
			return;
		}

		this.#since.push(answer);
		if (this.#since.length > 2 * mostAtEnds) {
			this.#since.splice(mostAtEnds, 1);
		}
	}

	/** The answers, in the order in which they came. */
	answers(): readonly RecordedResponse[] {
		const before = [...this.#good.values()].sort((a, b) => a.answeredMs - b.answeredMs);
		return [...new Set([...before.filter(answer => !this.#since.includes(answer)), ...this.#since])];
	}

	/** Another deployment is watched: of what was known only the prices are of all. */
	forget(): void {
		const prices = this.#good.get('prices');
		this.#good.clear();
		if (prices !== undefined) {
			this.#good.set('prices', prices);
		}

		this.#since = [];
	}
}
