import {type Flag, flags} from './flags.ts';
import {summary, synopses, type Topic, topics} from './help-topics.ts';

const columns = 80;

/** The text of --help: at most 80 columns wide, with a line break at its end. */
export function helpText(): string {
	const parts = [
		summary,
		`Options:\n${twoColumns(flags.map(flag => [spellings(flag), describe(flag)]))}`,
		...topics.map(topicText),
	];
	return `${usage()}\n\n${parts.join('\n\n')}\n`;
}

function usage(): string {
	return synopses.map((synopsis, index) => `${index === 0 ? 'Usage:' : '      '} loops-top ${synopsis}`).join('\n');
}

function topicText({title, intro = title, rows, note}: Topic): string {
	return [...wrap(`${intro}:`, columns), twoColumns(rows), ...(note === undefined ? [] : wrap(note, columns))].join(
		'\n',
	);
}

/** A flag as it is written: `-w, --window TIME`. */
function spellings({long, short, takes, placeholder = 'VALUE'}: Flag): string {
	const value = takes === 'nothing' ? '' : takes === 'value' ? ` ${placeholder}` : ` [${placeholder}]`;
	return `${short === undefined ? '    ' : `-${short}, `}--${long}${value}`;
}

function describe({help, default: preset}: Flag): string {
	return preset === undefined ? help : `${help} (default ${preset})`;
}

/** Names on the left, what they mean on the right, wrapped where it is too long for one line. */
function twoColumns(rows: ReadonlyArray<readonly [name: string, meaning: string]>): string {
	const indent = 2 + Math.max(...rows.map(([name]) => name.length)) + 2;
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
