/** The value of a gauge for one set of labels. */
export type Sample = {readonly labels: Readonly<Record<string, string>>; readonly value: number};

/** A Prometheus gauge in base units, with one sample for each set of labels whose value is known. */
export type Gauge = {readonly name: string; readonly help: string; readonly samples: readonly Sample[]};
