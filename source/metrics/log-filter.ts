import {type Level, type LogLine, levels} from '../api/logs.ts';
import {
	fitsName,
	isOperator,
	type NameMatch,
	type Operator,
	type ParsedFilter,
	parseNameMatch,
	parseWords,
	splitOperator,
} from './filter.ts';

/** A condition on log entries. */
export type LogCondition =
	| {readonly kind: 'text'; readonly text: string; readonly isNeeded: boolean}
	| {readonly kind: 'level'; readonly comparison: Operator; readonly level: Level}
	| ({readonly kind: 'replica' | 'request'} & NameMatch);

/** Matches words and quoted strings, whose closing quotation mark can be missing. */
const words = /!?"[^"]*"?|\S+/g;

/**
 * Parses conditions, all of which must match: `NCCL "out of memory" !heartbeat level>=warn node~trainer-1 request=ID`.
 * A comparison whose name isn't `level`, `node`, `replica`, or `request`, such as `loss=0.31`, is a word to search for.
 */
export function parseLogFilter(text: string): ParsedFilter<LogCondition> {
	// An exclamation or quotation mark that was just typed, or an empty pair of quotation marks, isn't a condition yet.
	const typed = (text.match(words) ?? []).filter(word => !/^(?:!|!?""?)$/.test(word));
	return parseWords(typed, parseWord);
}

const nameKinds: Readonly<Record<string, 'replica' | 'request'>> = {
	node: 'replica',
	replica: 'replica',
	request: 'request',
};

function parseWord(word: string): LogCondition | string {
	const parts = splitOperator(word);
	const field = parts?.name.toLowerCase() ?? '';
	if (parts !== undefined && field === 'level') {
		return parseLevel(parts.operator, parts.value);
	}

	const kind = Object.hasOwn(nameKinds, field) ? nameKinds[field] : undefined;
	if (parts !== undefined && kind !== undefined) {
		const parsed = parseNameMatch(field, parts.operator, parts.value);
		return typeof parsed === 'string' ? parsed : {kind, ...parsed};
	}

	const isNeeded = !word.startsWith('!');
	const text = (isNeeded ? word : word.slice(1)).replace(/^"|"$/g, '');
	return {kind: 'text', text, isNeeded};
}

function parseLevel(operator: string, value: string): LogCondition | string {
	const names = levels.map(level => level.toLowerCase());
	const index = names.findIndex(name => value !== '' && name.startsWith(value.toLowerCase()));
	const level = levels[index];
	if (!isOperator(operator)) {
		return `${operator} isn't for levels: use level>=warn or level=debug`;
	}

	return level === undefined
		? `level${operator} needs debug, info, warning, or error, as in level>=warn`
		: {kind: 'level', comparison: operator, level};
}

/**
 * Returns the lowest level that can meet the conditions on levels: DEBUG without such conditions, and at most ERROR,
 * even if no level meets them.
 */
export function lowestLevel(conditions: readonly LogCondition[]): Level {
	const ranks = conditions.flatMap(condition => {
		if (condition.kind !== 'level') {
			return [];
		}

		const rank = levels.indexOf(condition.level);
		return condition.comparison === '>' ? rank + 1 : condition.comparison.startsWith('<') ? 0 : rank;
	});
	return levels[Math.min(Math.max(0, ...ranks), levels.length - 1)] ?? 'DEBUG';
}

function escapeForPattern(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/**
 * Returns a function that tests entries against one condition. An entry without the condition's field doesn't match.
 */
function testOf(condition: LogCondition): (line: LogLine) => boolean {
	switch (condition.kind) {
		case 'text': {
			// A pattern is used, because converting the messages to lowercase would copy all of them on every keypress.
			const pattern = new RegExp(escapeForPattern(condition.text), 'iu');
			return ({message}) => pattern.test(message) === condition.isNeeded;
		}

		case 'level': {
			const limit = levels.indexOf(condition.level);
			return ({level}) => level !== undefined && compares(levels.indexOf(level), condition.comparison, limit);
		}

		case 'replica':
			return ({replica}) => replica !== undefined && fitsName(replica, condition);
		case 'request':
			return ({requestId}) => requestId !== undefined && fitsName(requestId, condition);
	}
}

function compares(rank: number, comparison: Operator, limit: number): boolean {
	switch (comparison) {
		case '<':
			return rank < limit;
		case '<=':
			return rank <= limit;
		case '>':
			return rank > limit;
		case '>=':
			return rank >= limit;
		case '=':
			return rank === limit;
	}
}

/** Returns a function that tests entries against all conditions. */
export function logTest(conditions: readonly LogCondition[]): (line: LogLine) => boolean {
	const tests = conditions.map(testOf);
	return line => tests.every(test => test(line));
}
