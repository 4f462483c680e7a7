/** Cached properties of strings. When a frame begins, entries that weren't used in the previous frame are dropped. */
class KeptCache<Value> extends Map<string, Value> {
	#before: KeptCache<Value> | undefined;

	constructor(before: KeptCache<Value> | undefined) {
		super();
		this.#before = before;
		before?.forgetBefore();
	}

	forgetBefore(): void {
		this.#before = undefined;
	}

	override get(text: string): Value | undefined {
		const own = super.get(text);
		if (own !== undefined) {
			return own;
		}

		const value = this.#before?.get(text);
		if (value !== undefined) {
			this.set(text, value);
		}

		return value;
	}
}

type Caches = {widths: Map<string, number>; blockWidths: Map<string, number>; styledChars: Map<string, unknown>};
type Kept = {
	readonly widths: KeptCache<number>;
	readonly blockWidths: KeptCache<number>;
	readonly styledChars: KeptCache<unknown>;
};

let last: Kept | undefined;

/** Replaces the caches of a new frame with ones that have the entries of the last frame. Ink begins with empty ones. */
export function keepCaches<Empty extends Caches>(caches: Empty): Empty {
	last = {
		widths: new KeptCache(last?.widths),
		blockWidths: new KeptCache(last?.blockWidths),
		styledChars: new KeptCache(last?.styledChars),
	};
	return Object.assign(caches, last);
}

/** An empty cell. Cells are replaced but never mutated, so a single one is sufficient. */
export const blank = Object.freeze({type: 'char', value: ' ', fullWidth: false, styles: Object.freeze([])});
