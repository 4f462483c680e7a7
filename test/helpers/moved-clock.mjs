/**
 * Loaded before the program (`NODE_OPTIONS=--import=…`): its clocks are ahead by the milliseconds in the file that the
 * variable CLOCK_FILE names, which is read again when it changes, and its timers run ten times as fast.
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
