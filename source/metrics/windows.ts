/** A time range in epoch milliseconds. */
export type TimeRange = {readonly startMs: number; readonly endMs: number};

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * The windows, shortest first, with the requested step: 20 to 180 points per window, so that the cost of a response
 * grows with the number of GPUs, not with the length of the window.
 */
export const windows = [
	{name: '5m', lengthMs: 5 * minute, stepMs: 15 * second},
	{name: '15m', lengthMs: 15 * minute, stepMs: 15 * second},
	{name: '30m', lengthMs: 30 * minute, stepMs: 15 * second},
	{name: '1h', lengthMs: hour, stepMs: 30 * second},
	{name: '3h', lengthMs: 3 * hour, stepMs: minute},
	{name: '6h', lengthMs: 6 * hour, stepMs: 2 * minute},
	{name: '12h', lengthMs: 12 * hour, stepMs: 4 * minute},
	{name: '24h', lengthMs: day, stepMs: 8 * minute},
	{name: '3d', lengthMs: 3 * day, stepMs: 24 * minute},
	{name: '7d', lengthMs: 7 * day, stepMs: hour},
] as const;

export type WindowName = (typeof windows)[number]['name'];

/**
 * One of the ten windows, or a window of another length with the name and the step of one of them. Lengths and steps
 * are in milliseconds; a step is a whole number of seconds.
 */
export type Window = {readonly name: WindowName; readonly lengthMs: number; readonly stepMs: number};

/**
 * Returns a window of any length, with the name and the step of the shortest window that is at least as long, or
 * otherwise of the longest one.
 */
export function windowOfLength(lengthMs: number): Window {
	const window = windows.find(one => one.lengthMs >= lengthMs) ?? longestWindow;
	return {...window, lengthMs};
}

/** The window that the program starts with and to which `=` returns. */
export const defaultWindow: Window = windows[3];

/** The longest window, which is the longest range for which the API is known to have samples. */
export const longestWindow: Window = windows[9];

/** Returns the window with this name, or undefined. */
export function findWindow(name: string): Window | undefined {
	return windows.find(window => window.name === name);
}

/** Returns the window `by` places longer (shorter if negative), limited to the ends of the list. */
export function stepWindow(window: Window, by: number): Window {
	const index = windows.findIndex(({name}) => name === window.name) + by;
	return windows[Math.min(Math.max(index, 0), windows.length - 1)] ?? window;
}
