/** The forms in which values are written: a snapshot, a line for each poll, or the series of the window. */
export const formats = ['text', 'json', 'jsonl', 'csv', 'openmetrics', 'html'] as const;
export type Format = (typeof formats)[number];

/** The forms of one snapshot, after which the program exits. */
export type OnceFormat = Exclude<Format, 'jsonl'>;
