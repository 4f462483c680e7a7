/** The measurements of a program, by name. A missing value wasn't measured, or couldn't be measured. */
export type Values = Readonly<Partial<Record<MeasureName, number>>>;

/** The yardsticks for a value: the time, the CPU time, and the memory of Node.js itself. */
export type Yard = 'startMs' | 'startCpuMs' | 'residentBytes' | 'privateBytes';

export type Unit = 'ms' | 'bytes' | 'bytes/s' | 's/min' | 'count' | 'bytes/poll';

type Described = {
	readonly name: string;
	readonly what: string;
	readonly unit: Unit;
	/**
	 * The Node.js yardstick by which the value is divided, so that the speed of the machine doesn't matter.
	 */
	readonly yard?: Yard;
	/** The budget: either a multiple of the yardstick, or a value in `unit`. */
	readonly most?: {readonly ratio: number} | {readonly value: number};
	/** Whether the value is measured only for loops-top. */
	readonly inside?: true;
};

const table = [
	{name: 'startMs', what: 'first frame', unit: 'ms', yard: 'startMs', most: {ratio: 5}},
	{name: 'dataMs', what: 'first frame with data', unit: 'ms', yard: 'startMs', most: {ratio: 9}},
	{name: 'startCpuMs', what: 'CPU until then', unit: 'ms', yard: 'startCpuMs'},
	{name: 'wideBytesPerSecond', what: 'to the terminal, 160×45', unit: 'bytes/s', most: {value: 350}},
	{name: 'wideBytesPerBurst', what: 'a refresh, 160×45', unit: 'bytes'},
	{name: 'usualBytesPerSecond', what: 'to the terminal, 80×24', unit: 'bytes/s', most: {value: 120}},
	{name: 'usualBytesPerBurst', what: 'a refresh, 80×24', unit: 'bytes'},
	{name: 'wideCpu', what: 'CPU, 160×45', unit: 's/min', yard: 'startCpuMs', most: {value: 0.3}},
	{name: 'usualCpu', what: 'CPU, 80×24', unit: 's/min', yard: 'startCpuMs'},
	{name: 'residentBytes', what: 'memory, 160×45', unit: 'bytes', yard: 'residentBytes', most: {value: 90e6}},
	{name: 'privateBytes', what: 'private memory, 160×45', unit: 'bytes', yard: 'privateBytes', most: {value: 25e6}},
	{name: 'usualResidentBytes', what: 'memory, 80×24', unit: 'bytes', yard: 'residentBytes'},
	{name: 'keyMs', what: 'key to frame, 16×8 GPUs, median', unit: 'ms', yard: 'startMs', most: {value: 25}},
	{name: 'keyP95Ms', what: 'key to frame, 16×8 GPUs, p95', unit: 'ms', yard: 'startMs', most: {value: 50}},
	{name: 'keyCpuMs', what: 'CPU per keypress, 16×8 GPUs', unit: 'ms', yard: 'startCpuMs'},
	{name: 'longKeyMs', what: 'key to frame, 64×8 GPUs, 24h, median', unit: 'ms', yard: 'startMs', inside: true},
	{name: 'longKeyP95Ms', what: 'key to frame, 64×8 GPUs, 24h, p95', unit: 'ms', yard: 'startMs', inside: true},
	{name: 'longKeyCpuMs', what: 'CPU per keypress, 64×8 GPUs, 24h', unit: 'ms', yard: 'startCpuMs', inside: true},
	{name: 'pollMs', what: 'a poll of 64×8 GPUs', unit: 'ms', yard: 'startMs', most: {value: 60}, inside: true},
	{name: 'pollCpuMs', what: 'its CPU, main thread', unit: 'ms', yard: 'startCpuMs', most: {value: 60}, inside: true},
	{name: 'wholePollMs', what: 'the first one, for the whole window', unit: 'ms', yard: 'startMs', inside: true},
	{name: 'heapPerPoll', what: 'heap growth per poll', unit: 'bytes/poll', most: {value: 100}, inside: true},
	{
		name: 'overviewCpu',
		what: 'CPU, overview of 50×4×8 GPUs',
		unit: 's/min',
		yard: 'startCpuMs',
		most: {value: 0.5},
		inside: true,
	},
	{name: 'overviewBytes', what: 'memory, overview of 50×4×8 GPUs', unit: 'bytes', most: {value: 120e6}, inside: true},
	{
		name: 'overviewKeyMs',
		what: 'key to frame, overview, median',
		unit: 'ms',
		yard: 'startMs',
		most: {value: 25},
		inside: true,
	},
	{
		name: 'overviewKeyP95Ms',
		what: 'key to frame, overview, p95',
		unit: 'ms',
		yard: 'startMs',
		most: {value: 50},
		inside: true,
	},
	{name: 'packageBytes', what: 'the package, unpacked', unit: 'bytes', most: {value: 1e6}, inside: true},
	{name: 'dependencies', what: 'runtime dependencies', unit: 'count', most: {value: 0}, inside: true},
] as const satisfies readonly Described[];

export type MeasureName = (typeof table)[number]['name'];

/** A measure, and how it is reported. */
export type Measure = Described & {readonly name: MeasureName};

/** All measures. The budgets are those of a monitor that stays open for hours. */
export const measures: readonly Measure[] = table;
