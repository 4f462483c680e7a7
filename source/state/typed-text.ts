/** Longer than any filter that means something. */
const longestText = 200;

export type Erased = 'character' | 'word' | 'all';

/** A text with more typed behind it. */
export function typed(text: string, more: string): string {
	return [...(text + more)].slice(0, longestText).join('');
}

/** Returns a text without what is erased from its end. */
export function erased(text: string, what: Erased): string {
	switch (what) {
		case 'character':
			return [...text].slice(0, -1).join('');
		case 'word':
			return text.replace(/\S*\s*$/, '');
		case 'all':
			return '';
	}
}
