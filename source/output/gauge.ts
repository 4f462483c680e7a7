/** What a gauge says of one label set. */
export type Sample = {readonly labels: Readonly<Record<string, string>>; readonly value: number};

/** A gauge of Prometheus in base units, with a sample for each label set of which the value is known. */
export type Gauge = {readonly name: string; readonly help: string; readonly samples: readonly Sample[]};
