import type {RecordedResponse} from '../recording/format.ts';
import type {Route} from './route.ts';

/** Of a long outage its beginning and its end are enough. */
const mostAtEnds = 4;

/**
 * Tracks the responses needed to rebuild the state at a point in time: the last successful ones, and those since the
 * last successful metrics.
 */
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

	/** Returns the responses, in order of arrival. */
	answers(): readonly RecordedResponse[] {
		const before = [...this.#good.values()].sort((a, b) => a.answeredMs - b.answeredMs);
		return [...new Set([...before.filter(answer => !this.#since.includes(answer)), ...this.#since])];
	}

	/** Forgets everything when another deployment is watched; prices apply to all. */
	forget(): void {
		const prices = this.#good.get('prices');
		this.#good.clear();
		if (prices !== undefined) {
			this.#good.set('prices', prices);
		}

		this.#since = [];
	}
}
