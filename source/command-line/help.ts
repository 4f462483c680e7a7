import {type Flag, flagGroups, flags} from './flags.ts';
import {summary, synopses, type Topic, topics} from './help-topics.ts';

const columns = 80;

/** Returns the text of --help: at most 80 columns wide, two screens long, ending in a line break. */
export function helpText(): string {
	const indent = indentOf(flags.map(spellings));
	const groups = flagGroups.map(group => {
		const members = flags.filter(flag => flag.group === group);
		return `${group}:\n${twoColumns(
			members.map(flag => [spellings(flag), describe(flag)]),
			indent,
		)}`;
	});
	const [long, brief] = [topics.filter(isLong), topics.filter(topic => !isLong(topic))];
	const parts = [summary, ...groups, ...long.map(longText), brief.map(briefText).join('\n'), 'Details: man loops-top'];
	return `${usage()}\n\n${parts.join('\n\n')}\n`;
}

function isLong({brief}: Topic): boolean {
	return brief === undefined;
}

function usage(): string {
	return synopses.map((synopsis, index) => `${index === 0 ? 'Usage:' : '      '} loops-top ${synopsis}`).join('\n');
}

function longText({title, rows}: Topic): string {
	return `${title}:\n${twoColumns(rows, indentOf(rows.map(([name]) => name)))}`;
}

/** A title with its text behind it, and further lines below the text. */
function briefText({title, brief = ''}: Topic): string {
	const indent = ' '.repeat(2);
	const [first = '', ...others] = wrap(`${title}: ${brief}`, columns - indent.length);
	return [first, ...others.map(line => indent + line)].join('\n');
}

/** Returns how a flag is written: `-w, --window TIME`. */
function spellings({long, short, takes, placeholder = 'VALUE'}: Flag): string {
	const value = takes === 'nothing' ? '' : takes === 'value' ? ` ${placeholder}` : ` [${placeholder}]`;
	return `${short === undefined ? '    ' : `-${short}, `}--${long}${value}`;
}

function describe({help, default: preset}: Flag): string {
	return preset === undefined ? help : `${help} (default ${preset})`;
}

function indentOf(names: readonly string[]): number {
	return 2 + Math.max(...names.map(name => name.length)) + 2;
}

/** Returns lines with the names on the left, and their meanings from column `indent` on, wrapped. */
function twoColumns(rows: ReadonlyArray<readonly [name: string, meaning: string]>, indent: number): string {
	return rows
		.map(([name, meaning]) => {
			const lines = wrap(meaning, columns - indent);
			return `  ${name.padEnd(indent - 2)}${lines.join(`\n${' '.repeat(indent)}`)}`;
		})
		.join('\n');
}

function wrap(text: string, width: number): readonly string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		if (line !== '' && line.length + 1 + word.length > width) {
			lines.push(line);
			line = word;
		} else {
			line = line === '' ? word : `${line} ${word}`;
		}
	}

	return [...lines, line];
}
