/** A time range in epoch milliseconds. */
export type TimeRange = {readonly startMs: number; readonly endMs: number};
