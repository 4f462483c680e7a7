/**
 * Loaded before the program (`node --import`): something that the program relies on breaks as soon as an answer comes with
 * the header `x-sabotage`, which says what.
 */
import {subscribe} from 'node:diagnostics_channel';

function fail() {
	throw new Error('sabotaged');
}

const acts = {
	/** What draws. */
	drawing() {
		String.prototype.repeat = fail;
	},
	/** What puts the drawn into the terminal. */
	output() {
		const {push} = Array.prototype;
		Array.prototype.push = function (...items) {
			if (typeof items[0] === 'string' && items[0].startsWith('\u001b[')) {
				fail();
			}

			return Reflect.apply(push, this, items);
		};
	},
	/** What puts nodes in order while an answer is taken in. */
	reducer() {
		Object.defineProperty(Intl.Collator.prototype, 'compare', {get: fail});
	},
	/** What waits for the next poll. */
	poller() {
		const {setTimeout} = globalThis;
		globalThis.setTimeout = (run, delay, ...rest) => (delay > 1000 ? fail() : setTimeout(run, delay, ...rest));
	},
	/** What reads the key `#`. */
	key() {
		const {charCodeAt} = String.prototype;
		String.prototype.charCodeAt = function (index) {
			return String(this) === '#' ? fail() : Reflect.apply(charCodeAt, this, [index]);
		};
	},
	/** A promise that nobody awaits. */
	promise() {
		void Promise.reject(new Error('sabotaged'));
	},
	/** A timer of nobody's, with an error that tells the key. */
	timer({authorization}) {
		setTimeout(() => {
			throw new Error(`sabotaged with ${authorization}`);
		}, 1);
	},
};

subscribe('http.client.response.finish', ({request, response}) => {
	acts[response.headers['x-sabotage']]?.({authorization: request.getHeader('authorization')});
});
