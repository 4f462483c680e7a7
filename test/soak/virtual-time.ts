type Timer = {atMs: number; readonly everyMs: number | undefined; readonly run: () => void};

/** The maximum number of event loop turns for the work that a timer starts, unless the work waits for a response. */
const turns = 6;

/**
 * Starts virtual time, which passes only when it is advanced, and never while `isBusy` returns true. It controls
 * `Date.now`, `performance.now`, and the timers of this process, except those inside Node.js. Returns a function that
 * advances it, and one that counts the pending timers.
 */
export function beginVirtualTime(startMs: number, isBusy: () => boolean) {
	const timers = new Map<number, Timer>();
	let nowMs = startMs;
	let next = 1;
	const add = (run: () => void, delayMs: number, everyMs?: number): NodeJS.Timeout => {
		const id = next++;
		timers.set(id, {atMs: nowMs + Math.max(delayMs, 1), everyMs, run});
		const handle = {ref: () => handle, unref: () => handle, [Symbol.toPrimitive]: () => id};
		return handle as unknown as NodeJS.Timeout;
	};
	const remove = (handle: unknown): void => {
		timers.delete(handle === undefined || handle === null ? 0 : Number(handle));
	};
	Object.assign(globalThis, {
		setTimeout: (run: () => void, delayMs = 0, ...args: never[]) =>
			add(() => Reflect.apply(run, undefined, args), delayMs),
		setInterval: (run: () => void, everyMs = 0) => add(run, everyMs, everyMs),
		clearTimeout: remove,
		clearInterval: remove,
	});
	Date.now = () => nowMs;
	performance.now = () => nowMs - startMs;

	const settle = async (): Promise<void> => {
		for (let turn = 0; turn < turns; turn = isBusy() ? 0 : turn + 1) {
			await new Promise(setImmediate);
		}
	};
	const runNext = (untilMs: number): boolean => {
		const due = [...timers].filter(([, {atMs}]) => atMs <= untilMs).sort(([, a], [, b]) => a.atMs - b.atMs)[0];
		if (due === undefined) {
			return false;
		}

		const [id, timer] = due;
		nowMs = Math.max(nowMs, timer.atMs);
		if (timer.everyMs === undefined) {
			timers.delete(id);
		} else {
			timer.atMs += Math.max(timer.everyMs, 1);
		}

		timer.run();
		return true;
	};
	return {
		pending: (): number => timers.size,
		/** Advances time, timer by timer. */
		async pass(milliseconds: number): Promise<void> {
			const untilMs = nowMs + milliseconds;
			await settle();
			while (runNext(untilMs)) {
				await settle();
			}

			nowMs = untilMs;
		},
	};
}
