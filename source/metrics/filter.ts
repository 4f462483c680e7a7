import {type Gpu, type Node, share} from './node.ts';

/** A parsed filter: its conditions, or a clause that says why it is invalid. */
export type ParsedFilter<Condition> =
	| {readonly kind: 'filter'; readonly conditions: readonly Condition[]}
	| {readonly kind: 'mistake'; readonly mistake: string};

/**
 * Parses words, all of which must match. `parseWord` returns a condition, or a clause that says why the word is
 * invalid.
 */
export function parseWords<Condition extends object>(
	words: readonly string[],
	parseWord: (word: string) => Condition | string,
): ParsedFilter<Condition> {
	const conditions: Condition[] = [];
	for (const word of words) {
		const parsed = parseWord(word);
		if (typeof parsed === 'string') {
			return {kind: 'mistake', mistake: parsed};
		}

		conditions.push(parsed);
	}

	return {kind: 'filter', conditions};
}

const comparisons = ['<', '<=', '>', '>=', '='] as const;
/** An operator that compares numbers or levels. */
export type Operator = (typeof comparisons)[number];

/** Returns whether an operator can compare numbers or levels. */
export function isOperator(operator: string): operator is Operator {
	return comparisons.some(comparison => comparison === operator);
}

/** Splits a word such as `gpu<20` into a name, an operator, and a value; undefined if it contains no operator. */
export function splitOperator(
	word: string,
): {readonly name: string; readonly operator: string; readonly value: string} | undefined {
	const match = /^([^<>=~!]*)(<=|>=|!~|[<>=~])(.*)$/.exec(word);
	return match === null ? undefined : {name: match[1] ?? '', operator: match[2] ?? '', value: match[3] ?? ''};
}

/** A condition on a name. `text` is in lowercase. */
export type NameMatch = {readonly text: string; readonly match: 'within' | 'exactly' | 'not within'};

/** Parses a condition on a name: `node~a`, `node=a`, or `node!~a`. If it is invalid, returns a clause that says why. */
export function parseNameMatch(field: string, operator: string, value: string): NameMatch | string {
	if (value === '') {
		return `${field}${operator} needs a name or a part of one, as in ${field}~trainer-1`;
	}

	const text = value.toLowerCase();
	switch (operator) {
		case '~':
			return {text, match: 'within'};
		case '!~':
			return {text, match: 'not within'};
		case '=':
			return {text, match: 'exactly'};
		default:
			return `${operator} isn't for names: use ${field}~trainer-1, ${field}=NAME, or ${field}!~trainer-1`;
	}
}

/** Returns whether a name matches, ignoring case. */
export function fitsName(fullName: string, {text, match}: NameMatch): boolean {
	const name = fullName.toLowerCase();
	return match === 'exactly' ? name === text : name.includes(text) === (match === 'within');
}

type Unit = 'share' | 'bytes' | 'cores';

/** A number to compare a value with: a fraction (0.2 for 20%), bytes, or cores. */
type Limit = {readonly comparison: Operator; readonly value: number; readonly unit: Unit};

/** A condition on a node, or on one of its GPUs. */
export type Condition =
	| ({readonly kind: 'name'} & NameMatch)
	/** Nodes that are gone, or all others. */
	| {readonly kind: 'gone'; readonly isNeeded: boolean}
	| {readonly kind: 'gpu'; readonly field: 'gpu' | 'mem'; readonly limit: Limit}
	| {readonly kind: 'node'; readonly field: 'util' | 'cpu' | 'ram' | 'disk'; readonly limit: Limit};

/** The fields of conditions, each with its subject, the units of its numbers, and an example. */
const fields = {
	gpu: {kind: 'gpu', units: ['share'], example: 'gpu<20'},
	mem: {kind: 'gpu', units: ['share', 'bytes'], example: 'mem>90'},
	util: {kind: 'node', units: ['share'], example: 'util<50'},
	cpu: {kind: 'node', units: ['cores'], example: 'cpu>30'},
	ram: {kind: 'node', units: ['share', 'bytes'], example: 'ram>200G'},
	disk: {kind: 'node', units: ['share', 'bytes'], example: 'disk>90'},
} as const satisfies Readonly<Record<string, {kind: 'gpu' | 'node'; units: readonly Unit[]; example: string}>>;

type Field = keyof typeof fields;

function isField(name: string): name is Field {
	return Object.hasOwn(fields, name);
}

const powers: Readonly<Record<string, number>> = {k: 1, m: 2, g: 3, t: 4};

/**
 * Parses a filter such as `trainer-1 !sampler gpu<20 ram>200G node~a !gone`: parts of names, parts of names to exclude
 * (with `!`), and conditions, all of which must match. The word `gone` matches the nodes that were replaced by others,
 * and `!gone` all other nodes; for names that contain `gone`, use `node~gone`.
 */
export function parseFilter(text: string): ParsedFilter<Condition> {
	// While `!gone` is being typed, its first letters don't exclude any names.
	return parseWords(
		text.split(/\s+/).filter(word => !/^(?:!(?:g|go|gon)?)?$/i.test(word)),
		parseWord,
	);
}

function parseWord(word: string): Condition | string {
	if (/^!?gone$/i.test(word)) {
		return {kind: 'gone', isNeeded: !word.startsWith('!')};
	}

	if (word.startsWith('!')) {
		return splitOperator(word.slice(1)) === undefined
			? {kind: 'name', text: word.slice(1).toLowerCase(), match: 'not within'}
			: '! is only for names and gone, as in !trainer-1';
	}

	const parts = splitOperator(word);
	if (parts === undefined) {
		return {kind: 'name', text: word.toLowerCase(), match: 'within'};
	}

	const {name: written, operator, value} = parts;
	const name = written.toLowerCase();
	if (name === 'node' || name === 'name') {
		const parsed = parseNameMatch('node', operator, value);
		return typeof parsed === 'string' ? parsed : {kind: 'name', ...parsed};
	}

	if (!isField(name)) {
		return `${written === '' ? `there is no name before ${word}` : `"${written}" isn't a known name`}: use ${Object.keys(fields).join(' ')} node`;
	}

	return isOperator(operator)
		? parseLimit(name, operator, value)
		: `${operator} is only for node, as in node~trainer-1`;
}

function parseLimit(name: Field, comparison: Operator, text: string): Condition | string {
	const {kind, units, example} = fields[name];
	const match = /^(\d+(?:\.\d+)?|\.\d+)(%|[kmgt](?:i?b)?)?$/i.exec(text);
	if (match === null) {
		return `${name}${comparison} needs a number, as in ${example}`;
	}

	const [, digits = '', suffix = ''] = match;
	const power = powers[suffix.charAt(0).toLowerCase()];
	const allowed: readonly Unit[] = units;
	const unit = power !== undefined ? 'bytes' : allowed[0] === 'cores' && suffix === '' ? 'cores' : 'share';
	if (!allowed.includes(unit)) {
		return `${name} is in ${allowed.includes('cores') ? 'cores' : 'percent'}, as in ${example}`;
	}

	const scale = power !== undefined ? 1024 ** power : unit === 'share' ? 0.01 : 1;
	const limit: Limit = {comparison, value: Number(digits) * scale, unit};
	return kind === 'gpu'
		? {kind, field: name === 'mem' ? 'mem' : 'gpu', limit}
		: {kind, field: name === 'util' || name === 'cpu' || name === 'ram' ? name : 'disk', limit};
}

/** A value in each of the units that a limit can have. An unknown value never matches. */
type Values = Partial<Readonly<Record<Unit, number | undefined>>>;

function fits(values: Values, {comparison, value: limit, unit}: Limit): boolean {
	const value = values[unit];
	if (value === undefined || Number.isNaN(value)) {
		return false;
	}

	switch (comparison) {
		case '<':
			return value < limit;
		case '<=':
			return value <= limit;
		case '>':
			return value > limit;
		case '>=':
			return value >= limit;
		case '=':
			// Shares are compared as shown: 20% matches everything that rounds to it.
			return unit === 'share' ? Math.round(value * 100) === Math.round(limit * 100) : value === limit;
	}
}

function valuesOfNode(node: Node, field: 'util' | 'cpu' | 'ram' | 'disk'): Values {
	switch (field) {
		case 'util':
			return {share: node.utilization};
		case 'cpu':
			return {cores: node.cpu};
		case 'ram':
			return {share: share(node.ram, node.ramTotal), bytes: node.ram};
		case 'disk':
			return {share: node.diskShare, bytes: node.disk};
	}
}

function valuesOfGpu({utilization, memory, memoryTotal}: Gpu, field: 'gpu' | 'mem'): Values {
	return field === 'gpu' ? {share: utilization} : {share: share(memory, memoryTotal), bytes: memory};
}

/** Returns whether a GPU matches all conditions on GPUs. */
export function fitsGpu(gpu: Gpu, conditions: readonly Condition[]): boolean {
	return conditions.every(
		condition => condition.kind !== 'gpu' || fits(valuesOfGpu(gpu, condition.field), condition.limit),
	);
}

/**
 * Returns whether a node matches all conditions. If some of them are on GPUs, at least one GPU must match all of those.
 */
export function fitsNode(node: Node, conditions: readonly Condition[]): boolean {
	const asksForGpus = conditions.some(({kind}) => kind === 'gpu');
	return (
		conditions.every(condition => fitsAsNode(node, condition)) &&
		(!asksForGpus || node.gpus.some(gpu => fitsGpu(gpu, conditions)))
	);
}

function fitsAsNode(node: Node, condition: Condition): boolean {
	switch (condition.kind) {
		case 'name':
			return fitsName(node.id, condition);
		case 'gone':
			return (node.presence === 'gone') === condition.isNeeded;
		case 'node':
			return fits(valuesOfNode(node, condition.field), condition.limit);
		case 'gpu':
			return true;
	}
}
