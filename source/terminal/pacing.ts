/** So much may be on its way unasked: it takes a quarter of a second on a link of 8,000 bytes a second. */
const askAfterBytes = 2048;

/** After so long a query is lost, or the terminal is one that never answers. */
const timeoutMs = 3000;

/** Knows whether the terminal has yet to understand much of what was written. */
export type Pacing = {
	/** From now on the terminal's answers are read. */
	readonly begin: () => void;
	/** So many bytes were written. */
	readonly wrote: (bytes: number) => void;
	readonly answered: () => void;
	/** Whether more should not be drawn now. A terminal that never answered is never waited for. */
	readonly isBehind: () => boolean;
	/** Calls the listener whenever the terminal has caught up. Returns the function that ends the subscription. */
	readonly subscribe: (listener: () => void) => () => void;
};

/**
 * Paces what is drawn by a terminal's answers: on a slow link frames would otherwise queue up, and a key be seen only when
 * all of them are through. `ask` asks for the status, and returns false if it mustn't now: nothing is waited for then.
 */
export function createPacing(ask: () => boolean): Pacing {
	const listeners = new Set<() => void>();
	let isAsked = false;
	let hasAnswered = false;
	let unasked = 0;
	let asking: NodeJS.Timeout | undefined;

	const query = (): void => {
		if (ask()) {
			unasked = 0;
			asking = setTimeout(giveUp, timeoutMs).unref();
		}
	};
	const giveUp = (): void => {
		isAsked = hasAnswered;
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
		answered() {
			hasAnswered = true;
			isAsked = true;
			if (asking !== undefined) {
				caughtUp();
			}
		},
		isBehind: () => hasAnswered && asking !== undefined,
		subscribe,
	};
}

/** Longer than any control sequence, and shorter than any picture. */
const longestControl = 64;

/** Standard output as it is drawn to. */
type PacedOutput = {
	readonly output: NodeJS.WriteStream;
	/** Stops drawing: nobody sees the last frame before a screen is removed. */
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
