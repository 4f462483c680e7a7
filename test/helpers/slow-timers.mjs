/**
 * Loaded before the program (`NODE_OPTIONS=--import=…`): its timers of `SLOW_FROM_MS` milliseconds or longer, up to
 * `SLOW_TO_MS`, take twenty times as long, so that no timeout expires on a busy machine, and no poll starts
 * unexpectedly during a test.
 */
const fromMs = Number(process.env['SLOW_FROM_MS']);
const toMs = Number(process.env['SLOW_TO_MS']);
const realSetTimeout = globalThis.setTimeout;

globalThis.setTimeout = (run, delayMs = 0, ...parts) =>
	realSetTimeout(run, delayMs >= fromMs && delayMs <= toMs ? 20 * delayMs : delayMs, ...parts);
