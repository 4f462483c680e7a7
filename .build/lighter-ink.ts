import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {Plugin} from 'esbuild';

const kept = path.join(import.meta.dirname, 'lighter', 'kept-caches.ts');

const segmenter = path.join(import.meta.dirname, 'lighter', 'segmenter.ts');

/** The import that a file with `Intl.Segmenter` needs, because `define` replaces that name with `LazySegmenter`. */
export const segmenterImport = `import {LazySegmenter} from ${JSON.stringify(segmenter)};\n`;

type Change = readonly [made: RegExp, instead: string];

/** The changes to files of Ink and its dependencies, and the code to add at the beginning of each file. */
const changes: Readonly<Record<string, {readonly head: string; readonly edits: readonly Change[]}>> = {
	// Objects that Ink recreates for each frame (sections 2 and 3 of test/bench/ink/costs.md).
	'ink/build/output.js': {
		head: `import {blank, keepCaches} from ${JSON.stringify(kept)};\n`,
		edits: [
			[/caches = new OutputCaches\(\);/, 'caches = keepCaches(new OutputCaches());'],
			[/row\.push\(\{\s*type: 'char',\s*value: ' ',\s*fullWidth: false,\s*styles: \[\],\s*\}\);/, 'row.push(blank);'],
		],
	},
	// The screen writer (lighter/screen-writer.ts) clears the screen and synchronizes the output, in a single write.
	'ink/build/ink.js': {
		head: '',
		edits: [
			[
				/shouldClearTerminal = shouldClearTerminalForFrame\(/,
				'shouldClearTerminal = false && shouldClearTerminalForFrame(',
			],
			// Without this change, Ink would draw a frame of the previous size, immediately followed by one of the new size.
			[/dom\.emitLayoutListeners\(this\.rootNode\);\s*this\.onRender\(\);/, 'dom.emitLayoutListeners(this.rootNode);'],
			[/return shouldSynchronize\(this\.options\.stdout, this\.interactive\);/, 'return false;'],
		],
	},
	// Every RGI emoji contains a character that is shown as an emoji by default, or a variation selector. Creating the
	// pattern for all RGI emoji takes 13 ms and 1.2 MB, and using it takes another 20 ms and 0.5 MB. A literal would
	// create it when the file is loaded.
	'string-width/index.js': {
		head: `${segmenterImport}const likeEmoji = /[\\p{Emoji_Presentation}\\uFE0F]/u;\n`,
		edits: [
			[/const rgiEmojiRegex = \/\^\\p\{RGI_Emoji\}\$\/v;/, 'let rgiEmojiRegex;'],
			[
				/rgiEmojiRegex\.test\(segment\)/,
				"(likeEmoji.test(segment) && (rgiEmojiRegex ??= new RegExp('^\\\\p{RGI_Emoji}$$', 'v')).test(segment))",
			],
		],
	},
};

/**
 * Makes Ink keep its caches of strings from frame to frame, share one blank cell, draw a single frame after a resize,
 * and leave clearing and synchronization to the screen writer. Makes string-width create its emoji pattern only for
 * text that might contain an emoji.
 */
export const lighterInk: Plugin = {
	name: 'lighter-ink',
	setup({onLoad}) {
		for (const [name, {head, edits}] of Object.entries(changes)) {
			const filter = new RegExp(`[\\\\/]node_modules[\\\\/]${name.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]')}$`);
			onLoad({filter}, async ({path: file}) => {
				let contents = head + (await readFile(file, 'utf8'));
				for (const [made, instead] of edits) {
					if (!made.test(contents)) {
						return {errors: [{text: `${name} has changed: it no longer contains ${made}`}]};
					}

					contents = contents.replace(made, instead);
				}

				return {contents};
			});
		}
	},
};
