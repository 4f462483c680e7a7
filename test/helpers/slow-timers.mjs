/**
 * Loaded before the program (`NODE_OPTIONS=--import=…`): the program's timers of SLOW_FROM_MS to SLOW_TO_MS
 * milliseconds (both are environment variables) take twenty times as long, so that no timeout expires on a busy
 * machine, and no poll starts unexpectedly during a test.
 */
const fromMs = Number(process.env['SLOW_FROM_MS']);
const toMs = Number(process.env['SLOW_TO_MS']);
const realSetTimeout = globalThis.setTimeout;

globalThis.setTimeout = (run, delayMs = 0, ...parts) =>
	realSetTimeout(run, delayMs >= fromMs && delayMs <= toMs ? 20 * delayMs : delayMs, ...parts);
