/**
 * Loaded before the program (`NODE_OPTIONS=--import=…`): the program's local time is ahead by the number of
 * milliseconds in the file that the environment variable CLOCK_FILE names. The file is read each time the program reads
 * a clock, and `performance.now` advances by any change in the number. The program's timers run ten times as fast.
 */
import {readFileSync} from 'node:fs';

const RealDate = Date;
const realSetTimeout = globalThis.setTimeout;
const realNow = performance.now.bind(performance);
const aheadMs = () => Number(readFileSync(process.env['CLOCK_FILE'], 'utf8'));
const startMs = aheadMs();

globalThis.Date = class extends RealDate {
	constructor(...parts) {
		if (parts.length === 0) {
			super(RealDate.now() + aheadMs());
		} else {
			super(...parts);
		}
	}

	static now() {
		return RealDate.now() + aheadMs();
	}
};
performance.now = () => realNow() + aheadMs() - startMs;
globalThis.setTimeout = (run, delayMs = 0, ...parts) => realSetTimeout(run, delayMs / 10, ...parts);
