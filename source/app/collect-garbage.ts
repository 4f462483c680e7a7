import {getHeapStatistics, setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {emptyHistory, type History} from '../metrics/history.ts';
import {isLive} from '../state/overview.ts';
import type {Store} from '../state/store.ts';

/** By then what a start does once is done. */
const afterFirstMs = 3000;

/** The start leaves about 5 MB of garbage, and ten minutes of polls leave 8 MB. */
const againMs = 2 * 60_000;

/** A larger heap, of many nodes or of a long recording, takes longer than a key may wait. */
const mostHeapBytes = 32 * 1024 ** 2;

/**
 * Collects garbage three seconds after the first response, or that of all deployments in the overview, and every two minutes from then on. V8 by itself keeps most of the memory that the
 * start took. Returns the function that ends this.
 */
export function collectAfterStart({subscribe, getState}: Store, collect: () => void = collectGarbage): () => void {
	let first: NodeJS.Timeout | undefined;
	let again: NodeJS.Timeout | undefined;
	const look = (): void => {
		const {components, deployments, overview} = getState();
		const areAllReceived =
			overview.members.size > 0 && overview.members.size >= (deployments.list ?? []).filter(isLive).length;
		if (first === undefined && (areAllReceived || components.trainer.histories.some(isFilled))) {
			first = setTimeout(() => {
				collect();
				again = setInterval(collect, againMs).unref();
			}, afterFirstMs).unref();
		}
	};
	const unsubscribe = subscribe(look);
	look();
	return () => {
		unsubscribe();
		clearTimeout(first);
		clearInterval(again);
	};
}

function isFilled({window, endMs}: History): boolean {
	return endMs > emptyHistory(window).endMs;
}

/**
 * Lets V8 collect all garbage and give back the memory that it was in, which takes the main thread about 20 ms. Node.js has no function for it
 * unless it was started with --expose-gc: a context that is created after the flag was set has one.
 */
export function collectGarbage(): void {
	if (getHeapStatistics().used_heap_size > mostHeapBytes) {
		return;
	}

	setFlagsFromString('--expose-gc');
	const gc: unknown = runInNewContext('gc');
	setFlagsFromString('--no-expose-gc');
	if (typeof gc === 'function') {
		gc({type: 'major', flavor: 'last-resort'});
	}
}
