import InkOutput from '../../node_modules/ink/build/output.js';
import {beginFrame, countCells, keepCells} from './measured-lines.ts';

type Transformer = (line: string, index: number) => string;
type Clip = Parameters<InkOutput['clip']>[0];

/** A line as it is written, and the column where it starts. */
type Piece = {readonly x: number; readonly line: string};

/**
 * Assembles a frame, and replaces Ink's `Output`, which splits all text into cells, one object each, and joins all
 * cells again. Here, the lines of a row are written unchanged, with blanks between them. Rows with overlapping lines or
 * wide characters, and frames that contain anything other than lines, are left to Ink.
 */
// biome-ignore lint/style/noDefaultExport: it replaces a module that has one.
export default class RowOutput {
	readonly width: number;
	readonly height: number;
	readonly #rows: Piece[][] = [];
	/** The calls that make Ink draw the whole frame, used if something unsupported was requested. */
	readonly #requests: Array<(output: InkOutput) => void> = [];
	#leftToInk = 0;

	constructor({width, height}: {readonly width: number; readonly height: number}) {
		this.width = width;
		this.height = height;
	}

	write(x: number, y: number, text: string, {transformers}: {readonly transformers: readonly Transformer[]}): void {
		if (text === '') {
			return;
		}

		this.#requests.push(output => output.write(x, y, text, {transformers: [...transformers]}));
		if (!(Number.isInteger(x) && Number.isInteger(y) && x >= 0 && x < this.width && isText(text))) {
			this.#leftToInk++;
			return;
		}

		for (const [index, written] of text.split('\n').entries()) {
			const row = y + index;
			if (row < 0 || row >= this.height) {
				continue;
			}

			const line = transformers.reduce((last, transform) => transform(last, index), written);
			if (line !== '') {
				this.#rows[row] ??= [];
				this.#rows[row].push({x, line});
			}
		}
	}

	clip(clip: Clip): void {
		this.#leftToInk++;
		this.#requests.push(output => output.clip(clip));
	}

	unclip(): void {
		this.#leftToInk++;
		this.#requests.push(output => output.unclip());
	}

	get(): {output: string; height: number} {
		beginFrame();
		if (this.#leftToInk > 0) {
			const output = new InkOutput({width: this.width, height: this.height});
			for (const request of this.#requests) {
				request(output);
			}

			return output.get();
		}

		const joined = Array.from({length: this.height}, (_, row) => joinPieces(this.#rows[row] ?? []));
		const drawn = this.#drawByInk(joined);
		return {output: joined.map(line => line ?? drawn.shift() ?? '').join('\n'), height: this.height};
	}

	/** Returns the rows that couldn't be joined, in order, as Ink draws them. */
	#drawByInk(joined: ReadonlyArray<string | undefined>): string[] {
		const missing = joined.flatMap((line, row) => (line === undefined ? [this.#rows[row] ?? []] : []));
		if (missing.length === 0) {
			return [];
		}

		const output = new InkOutput({width: this.width, height: missing.length});
		for (const [index, pieces] of missing.entries()) {
			for (const {x, line} of pieces) {
				output.write(x, index, line, {transformers: []});
			}
		}

		return output.get().output.split('\n');
	}
}

/**
 * Returns whether a string can be split at its line feeds: it is a single line, or has no escape sequences, so that no
 * style continues on the next line.
 */
function isText(text: string): boolean {
	return !text.includes('\n') || !text.includes('\u001B');
}

/** Returns the row; undefined if lines overlap, or if the width of a line is unknown. */
function joinPieces(pieces: readonly Piece[]): string | undefined {
	let row = '';
	let column = 0;
	for (const {x, line} of inOrder(pieces)) {
		const cells = countCells(line);
		if (cells === undefined || x < column) {
			return undefined;
		}

		row += ' '.repeat(x - column) + line;
		column = x + cells;
	}

	keepCells(row, column);
	return row;
}

function inOrder(pieces: readonly Piece[]): readonly Piece[] {
	for (let index = 1; index < pieces.length; index++) {
		if ((pieces[index - 1]?.x ?? 0) > (pieces[index]?.x ?? 0)) {
			return pieces.toSorted((a, b) => a.x - b.x);
		}
	}

	return pieces;
}
