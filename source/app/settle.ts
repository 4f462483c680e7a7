import {getHeapStatistics, setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {emptyHistory, type History} from '../metrics/history.ts';
import {isLive} from '../state/overview.ts';
import type {Store} from '../state/store.ts';

/** The time from the first response until the memory that startup took is released, in milliseconds. */
const afterFirstMs = 3000;

/**
 * The interval between garbage collections, in milliseconds. Startup leaves about 5 MB of garbage, and ten minutes of
 * polls leave 8 MB. A collection takes as long as four polls.
 */
const againMs = 5 * 60_000;

/**
 * The size of the largest heap that is collected, in bytes. Collecting a larger one (with many nodes or a long
 * recording) would delay keyboard input.
 */
const maxHeapBytes = 32 * 1024 ** 2;

/**
 * The time until the next attempt if the heap was too large, in milliseconds. The size of the heap includes garbage,
 * which V8 might have collected by then.
 */
const retryMs = 20_000;

/**
 * The minimum number of nodes, or of deployments in the overview, at which optimized code saves more time than
 * optimizing takes.
 */
const largeFrom = 8;

/** The first major version of Node.js whose V8 has Maglev, one of the two compilers that `optimize` turns on. */
const firstWithMaglev = 22;

/**
 * The functions that control V8, and the major version of Node.js. `collect` also drops compiled code if `withCode` is
 * true, and returns false if it would have taken too long.
 */
type EngineControls = {
	readonly collect: (withCode: boolean) => boolean;
	readonly optimize: (isOn: boolean) => void;
	readonly nodeMajor: number;
};

const engineControls: EngineControls = {
	collect: withCode => collectGarbage(withCode),
	optimize(isOn) {
		setFlags(isOn ? ['--maglev', '--sparkplug', '--parallel-scavenge'] : ['--no-maglev', '--no-sparkplug']);
	},
	nodeMajor: Number.parseInt(process.versions.node, 10),
};

/**
 * Releases the memory that startup took, three seconds after the first response, or after the overview has received
 * responses for as many deployments as are live. Returns a function that cancels whatever hasn't happened yet.
 *
 * Garbage is collected at that time, and then every five minutes; if `collect` returns false, it is called again after
 * 20 seconds. In Node.js 22 and later, V8's compilers, whose code takes 5–9 MB, are turned off at the same time, and
 * turned on again once a deployment has eight nodes, or the overview has eight deployments. Until then, code
 * is interpreted.
 */
export function settleAfterStart(
	{subscribe, getState}: Pick<Store, 'subscribe' | 'getState'>,
	controls: Partial<EngineControls> = {},
): () => void {
	const {collect, optimize, nodeMajor} = {...engineControls, ...controls};
	const canOptimize = nodeMajor >= firstWithMaglev;
	let timer: NodeJS.Timeout | undefined;
	let wasLarge = false;
	const keepCollecting = (withCode = false): void => {
		timer = setTimeout(keepCollecting, collect(withCode) ? againMs : retryMs).unref();
	};
	const settle = (): void => {
		const isSmall = canOptimize && !wasLarge;
		if (isSmall) {
			optimize(false);
		}

		keepCollecting(isSmall);
	};
	const look = (): void => {
		const {components, deployments, overview} = getState();
		const {histories} = components.trainer;
		const {size} = overview.members;
		if (!wasLarge && (size >= largeFrom || histories.some(({nodes}) => nodes.size >= largeFrom))) {
			wasLarge = true;
			if (canOptimize) {
				optimize(true);
			}
		}

		const areAllReceived = size > 0 && size >= (deployments.list ?? []).filter(isLive).length;
		if (timer === undefined && (areAllReceived || histories.some(isFilled))) {
			timer = setTimeout(settle, afterFirstMs).unref();
		}
	};
	const unsubscribe = subscribe(look);
	look();
	return () => {
		unsubscribe();
		clearTimeout(timer);
	};
}

function isFilled({window, endMs}: History): boolean {
	return endMs > emptyHistory(window).endMs;
}

function setFlags(flags: readonly string[]): void {
	for (const flag of flags) {
		setFlagsFromString(flag);
	}
}

/** The arguments of V8's function `gc`. Before Node.js 22, any argument limits it to the newest objects. */
const gcOptions = engineControls.nodeMajor < 22 ? [] : [{type: 'major', flavor: 'last-resort'}];

/** The flags that make a garbage collection also drop compiled code, and those that restore V8's defaults. */
const dropCode = ['--flush-baseline-code', '--bytecode-old-age=1'];
const keepCode = ['--no-flush-baseline-code', '--bytecode-old-age=6'];

/**
 * Makes V8 collect all garbage and release its memory, which takes the main thread about 20 ms. If the heap is too
 * large for that, does nothing and returns false. With `withCode`, V8 also drops compiled code: functions that run
 * again are compiled again. Node.js has a function for this only if it was started with --expose-gc, but a context that
 * is created after this flag is set at run time also has the function.
 */
export function collectGarbage(withCode = false, maxBytes = maxHeapBytes): boolean {
	if (getHeapStatistics().used_heap_size > maxBytes) {
		return false;
	}

	setFlagsFromString('--expose-gc');
	const gc: unknown = runInNewContext('gc');
	setFlagsFromString('--no-expose-gc');
	if (typeof gc === 'function') {
		setFlags(withCode ? dropCode : []);
		gc(...gcOptions);
		setFlags(withCode ? keepCode : []);
	}

	return true;
}
