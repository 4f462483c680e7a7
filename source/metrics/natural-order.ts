const collator = new Intl.Collator('en', {numeric: true});

/** Orders names as people count: `trainer-2` before `trainer-10`, rank `2` before `10`, numbers before words. */
export function compareNames(a: string, b: string): number {
	return collator.compare(a, b);
}
