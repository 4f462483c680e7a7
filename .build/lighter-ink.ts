import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {Plugin} from 'esbuild';

const kept = path.join(import.meta.dirname, 'lighter', 'kept-caches.ts');

type Change = readonly [made: RegExp, instead: string];

/** What is changed in files of Ink and of its dependencies, and what each changed file needs to import. */
const changes: Readonly<Record<string, {readonly head: string; readonly edits: readonly Change[]}>> = {
	// What Ink makes again for each frame (test/bench/ink/costs.md, 2 and 3).
	'ink/build/output.js': {
		head: `import {blank, keepCaches} from ${JSON.stringify(kept)};\n`,
		edits: [
			[/caches = new OutputCaches\(\);/, 'caches = keepCaches(new OutputCaches());'],
			[/row\.push\(\{\s*type: 'char',\s*value: ' ',\s*fullWidth: false,\s*styles: \[\],\s*\}\);/, 'row.push(blank);'],
		],
	},
	// The writer of frames clears and synchronizes by itself, in one write (lighter/screen-writer.ts).
	'ink/build/ink.js': {
		head: '',
		edits: [
			[
				/shouldClearTerminal = shouldClearTerminalForFrame\(/,
				'shouldClearTerminal = false && shouldClearTerminalForFrame(',
			],
			// A frame of the size before would be drawn, and the one of the new size follows at once.
			[/dom\.emitLayoutListeners\(this\.rootNode\);\s*this\.onRender\(\);/, 'dom.emitLayoutListeners(this.rootNode);'],
			[/return shouldSynchronize\(this\.options\.stdout, this\.interactive\);/, 'return false;'],
		],
	},
	// Every RGI emoji begins with a character that is an emoji by itself. The pattern of all of them is 0.5 MB of machine code once it is used.
	'string-width/index.js': {
		head: 'const beginsWithEmoji = /^\\p{Emoji}/u;\n',
		edits: [[/rgiEmojiRegex\.test\(segment\)/, '(beginsWithEmoji.test(segment) && rgiEmojiRegex.test(segment))']],
	},
};

/** Lets Ink keep from frame to frame what it knows of texts, share a blank cell, and leave all writing of frames to one place. */
export const lighterInk: Plugin = {
	name: 'lighter-ink',
	setup({onLoad}) {
		for (const [name, {head, edits}] of Object.entries(changes)) {
			const filter = new RegExp(`[\\\\/]node_modules[\\\\/]${name.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]')}$`);
			onLoad({filter}, async ({path: file}) => {
				let contents = head + (await readFile(file, 'utf8'));
				for (const [made, instead] of edits) {
					if (!made.test(contents)) {
						return {errors: [{text: `Ink has changed: ${made} is not in it any more`}]};
					}

					contents = contents.replace(made, instead);
				}

				return {contents};
			});
		}
	},
};
