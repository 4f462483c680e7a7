import type {Socket} from 'node:net';
import {Duplex} from 'node:stream';

/** What ends the header of a request. */
const headerEnd = Buffer.from('\r\n\r\n');

/** What is kept of the requests that follow one that isn't answered yet; then nothing more is read. */
const mostHeldBytes = 16 * 1024;

/** Two requests of a connection are given as far apart: nobody who scrapes is faster. */
const apartMs = 100;

/** Within that time a header must be sent, an answer read, and the next request begin. */
const limitMs = 10_000;

/**
 * A connection that gives one request at a time to a server, and the next one when that is answered: without it, Node.js reads and answers all
 * of thousands of requests that come in one piece, whether anybody reads the answers or not.
 */
export class ConnectionGate extends Duplex {
	readonly #socket: Socket;
	#held = Buffer.alloc(0);
	/** The last bytes that were given, in which the end of a header may begin. */
	#last = Buffer.alloc(0);
	/** Whether the next request may be given. */
	#state: 'open' | 'answering' = 'open';
	#givenAtMs = 0;
	#pause: NodeJS.Timeout | undefined;
	readonly #timer = setTimeout(() => this.destroy(), limitMs).unref();

	constructor(socket: Socket) {
		super();
		this.#socket = socket;
		socket.on('data', (chunk: Buffer) => {
			this.#held = Buffer.concat([this.#held, chunk]);
			this.#give();
		});
		socket.once('end', () => this.push(null));
		socket.on('error', () => this.destroy());
		socket.once('close', () => this.destroy());
	}

	/** The request that was given is answered: gives the next one when it is time. */
	next(): void {
		const leftMs = Math.max(this.#givenAtMs + apartMs - performance.now(), 0);
		this.#pause = setTimeout(() => {
			this.#state = 'open';
			this.#timer.refresh();
			this.#socket.resume();
			this.#give();
		}, leftMs);
	}

	#give(): void {
		if (this.#state === 'answering') {
			if (this.#held.length > mostHeldBytes) {
				this.#socket.pause();
			}

			return;
		}

		if (this.#held.length === 0 || this.destroyed) {
			return;
		}

		const seen = Buffer.concat([this.#last, this.#held]);
		const at = seen.indexOf(headerEnd);
		const length = at < 0 ? this.#held.length : at + headerEnd.length - this.#last.length;
		const given = this.#held.subarray(0, length);
		this.#held = this.#held.subarray(length);
		this.#last = at < 0 ? seen.subarray(-(headerEnd.length - 1)) : Buffer.alloc(0);
		if (at >= 0) {
			this.#state = 'answering';
			this.#givenAtMs = performance.now();
			this.#timer.refresh();
		}

		this.push(given);
	}

	override _read(): void {
		// What comes is given when it comes.
	}

	override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
		this.#socket.write(chunk, encoding, error => done(error));
	}

	override _final(done: () => void): void {
		this.#socket.end(done);
	}

	override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
		clearTimeout(this.#timer);
		clearTimeout(this.#pause);
		this.#socket.destroy();
		done(error);
	}
}
