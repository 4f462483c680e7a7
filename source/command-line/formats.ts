/** The output formats: a snapshot, one line per poll, or the series of the window. */
export const formats = ['text', 'json', 'jsonl', 'csv', 'openmetrics', 'html'] as const;
export type Format = (typeof formats)[number];

/** The formats after which the program exits. */
export type OnceFormat = Exclude<Format, 'jsonl'>;
