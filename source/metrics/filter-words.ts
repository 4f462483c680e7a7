/** A parsed filter: its conditions, or a clause that says what is wrong with it. */
export type ParsedFilter<Condition> =
	| {readonly kind: 'filter'; readonly conditions: readonly Condition[]}
	| {readonly kind: 'mistake'; readonly mistake: string};

/** Parses words, all of which must match, each to a condition or a clause that says what is wrong. */
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
export type Comparison = (typeof comparisons)[number];

export function isComparison(operator: string): operator is Comparison {
	return comparisons.some(comparison => comparison === operator);
}

/** Splits a word such as `gpu<20`; undefined if it contains no comparison. */
export function splitComparison(
	word: string,
): {readonly name: string; readonly operator: string; readonly value: string} | undefined {
	const match = /^([^<>=~!]*)(<=|>=|!~|[<>=~])(.*)$/.exec(word);
	return match === null ? undefined : {name: match[1] ?? '', operator: match[2] ?? '', value: match[3] ?? ''};
}

/** How a name must match. The text is in lower case. */
export type NameMatch = {readonly text: string; readonly match: 'within' | 'exactly' | 'not within'};

/** Parses `node~a`, `node=a` and `node!~a` after the field's name, or says in a clause what is wrong. */
export function parseName(field: string, operator: string, value: string): NameMatch | string {
	if (value === '') {
		return `${field}${operator} needs part of a name, as in ${field}~trainer-1`;
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
			return `a name has no ${operator}: ${field}~trainer-1, ${field}=NAME or ${field}!~trainer-1`;
	}
}

export function fitsName(fullName: string, {text, match}: NameMatch): boolean {
	const name = fullName.toLowerCase();
	return match === 'exactly' ? name === text : name.includes(text) === (match === 'within');
}
