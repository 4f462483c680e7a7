/**
 * Loaded before the program (`node --import`): when a response with the header `x-sabotage` arrives, this module breaks
 * the part of the program that the header names.
 */
import {subscribe} from 'node:diagnostics_channel';

function fail() {
	throw new Error('sabotaged');
}

const acts = {
	/** Breaks drawing. */
	drawing() {
		String.prototype.repeat = fail;
	},
	/** Breaks writing a frame to the terminal. */
	output() {
		const {push} = Array.prototype;
		Array.prototype.push = function (...items) {
			if (typeof items[0] === 'string' && items[0].startsWith('\u001b[')) {
				fail();
			}

			return Reflect.apply(push, this, items);
		};
	},
	/** Breaks sorting, so that adding a response to the state fails when the nodes are sorted. */
	reducer() {
		Array.prototype.sort = fail;
	},
	/** Breaks the wait for the next poll. */
	poller() {
		const {setTimeout} = globalThis;
		globalThis.setTimeout = (run, delay, ...rest) => (delay > 1000 ? fail() : setTimeout(run, delay, ...rest));
	},
	/** Breaks the handling of the key `#`. */
	key() {
		const {charCodeAt} = String.prototype;
		String.prototype.charCodeAt = function (index) {
			return String(this) === '#' ? fail() : Reflect.apply(charCodeAt, this, [index]);
		};
	},
	/** Rejects a promise that isn't awaited. */
	promise() {
		void Promise.reject(new Error('sabotaged'));
	},
	/** Throws an error that contains the API key, in a timer, where nothing catches it. */
	timer({authorization}) {
		setTimeout(() => {
			throw new Error(`sabotaged with ${authorization}`);
		}, 1);
	},
};

subscribe('http.client.response.finish', ({request, response}) => {
	acts[response.headers['x-sabotage']]?.({authorization: request.getHeader('authorization')});
});
