/**
 * The number of bytes that can be in flight without a query: they take a quarter of a second on a link of 8,000 bytes
 * per second.
 */
const askAfterBytes = 2048;

/** The time after which a query counts as lost, or the terminal as one that never responds. */
const timeoutMs = 3000;

/** Tracks whether the terminal has yet to process much of what was written. */
export type Pacing = {
	/** Begins pacing: from now on, the terminal's responses are read. */
	readonly begin: () => void;
	/** Notes that this number of bytes was written. */
	readonly wrote: (bytes: number) => void;
	readonly responded: () => void;
	/** Whether drawing should be postponed. The output never waits for a terminal that has never responded. */
	readonly isBehind: () => boolean;
	/** Calls the listener whenever the terminal has caught up. Returns a function that ends the subscription. */
	readonly subscribe: (listener: () => void) => () => void;
};

/**
 * Paces drawing by a terminal's responses. On a slow link, frames would otherwise queue up, and the effect of a key
 * would be visible only after all of these frames. `ask` requests the status, and returns false if a query isn't
 * possible now, in which case there is no wait.
 */
export function createPacing(ask: () => boolean): Pacing {
	const listeners = new Set<() => void>();
	let isAsked = false;
	let hasResponded = false;
	let unasked = 0;
	let asking: NodeJS.Timeout | undefined;

	const query = (): void => {
		if (ask()) {
			unasked = 0;
			asking = setTimeout(giveUp, timeoutMs).unref();
		}
	};
	const giveUp = (): void => {
		isAsked = hasResponded;
		caughtUp();
	};
	const caughtUp = (): void => {
		clearTimeout(asking);
		asking = undefined;
		if (isAsked && unasked >= askAfterBytes) {
			query();
		}

		if (asking !== undefined) {
			return;
		}

		for (const listener of [...listeners]) {
			listener();
		}
	};
	const subscribe = (listener: () => void): (() => void) => {
		listeners.add(listener);
		return () => listeners.delete(listener);
	};
	return {
		begin() {
			isAsked = true;
			query();
		},
		wrote(bytes) {
			unasked += bytes;
			if (isAsked && asking === undefined && unasked >= askAfterBytes) {
				query();
			}
		},
		responded() {
			hasResponded = true;
			isAsked = true;
			if (asking !== undefined) {
				caughtUp();
			}
		},
		isBehind: () => hasResponded && asking !== undefined,
		subscribe,
	};
}

/** A length that is longer than any control sequence, and shorter than any frame. */
const longestControl = 64;

/** Standard output, as the renderer sees it. */
type PacedOutput = {
	readonly output: NodeJS.WriteStream;
	/** Stops drawing: the last frame before a screen is removed is never seen. */
	readonly leave: () => void;
};

/** Creates an output that reports to the pacing how much is written to standard output. */
export function createPacedOutput(stdout: NodeJS.WriteStream, pacing: Pick<Pacing, 'wrote'>): PacedOutput {
	let isLeft = false;
	const write = (data: string, ...rest: readonly never[]): boolean => {
		const kept = isLeft && data.length > longestControl ? '' : data;
		const isRoomy = stdout.write(kept, ...rest);
		pacing.wrote(Buffer.byteLength(kept));
		return isRoomy;
	};
	const proxy = new Proxy(stdout, {
		get(target, name) {
			if (name === 'write') {
				return write;
			}

			const value: unknown = Reflect.get(target, name, target);
			return typeof value === 'function' ? value.bind(target) : value;
		},
	});
	return {
		output: proxy,
		leave() {
			isLeft = true;
		},
	};
}
