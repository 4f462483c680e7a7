import {spawnSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {type Flag, type FlagName, flags} from '../source/command-line/flags.ts';
import {summary, synopses} from '../source/command-line/help.ts';
import {flagDetails, type Topic, topics} from '../source/command-line/manual-text.ts';
import {type KeyEntry, keyNames} from '../source/keymap/entry.ts';
import {keymap, logKeys, replayKeys} from '../source/keymap/keymap.ts';
import {filterKeys, overviewKeys} from '../source/keymap/typing.ts';

/** Writes the man page to a file, by default the one that npm installs with the program. */
export function writeManual(root: string, file = path.join(root, 'dist', 'loops-top.1')): void {
	const {version} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {readonly version: string};
	writeFileSync(file, manualText(version, lastChange(root)));
}

/**
 * Returns the date, in UTC, of SOURCE_DATE_EPOCH (in seconds) if it is set, otherwise of the last commit, otherwise of
 * the build.
 */
function lastChange(root: string): string {
	const {SOURCE_DATE_EPOCH: given} = process.env;
	const {stdout} = spawnSync('git', ['log', '-1', '--format=%ct'], {cwd: root, encoding: 'utf8'});
	const seconds = Number(given ?? stdout);
	return (seconds > 0 ? new Date(seconds * 1000) : new Date()).toISOString().slice(0, 10);
}

/** Returns the man page, generated from the program's own tables. */
export function manualText(version: string, date: string): string {
	const lines = [
		`.TH LOOPS\\-TOP 1 "${date}" "loops\\-top ${toRoff(version)}" "User Commands"`,
		// Names of options and keys must stay searchable as they are written, without hyphenation.
		'.nh',
		'.ad l',
		'.SH NAME',
		`loops\\-top \\- ${toRoff(lowerFirst(summary))}`,
		'.SH SYNOPSIS',
		...synopses.flatMap((synopsis, index) => [
			...(index === 0 ? [] : ['.br']),
			`${bold('loops-top')} ${toRoff(synopsis)}`,
		]),
		'.SH DESCRIPTION',
		paragraph(
			'loops-top shows the state and history of a Baseten Loops trainer deployment on one screen: request volume, latency percentiles, status codes, every GPU, and every node. It requests metrics from the API and never changes anything.',
		),
		'.SH OPTIONS',
		...flags.flatMap(flag => {
			const names = [...(flag.short === undefined ? [] : [`-${flag.short}`]), `--${flag.long}`].map(bold).join(', ');
			const value =
				flag.placeholder === undefined
					? ''
					: ` ${flag.takes === 'value' ? italic(flag.placeholder) : `[${italic(flag.placeholder)}]`}`;
			return entry(`${names}${value}`, describeFlag(flag));
		}),
		'.SH KEYS',
		...keys(keymap),
		'.SS In the logs',
		...keys(logKeys),
		'.SS While a recording plays',
		...keys(replayKeys),
		'.SS While typing a filter',
		...keys(filterKeys),
		'.SS In the overview',
		...keys(overviewKeys),
		...topics.flatMap(topicLines),
	];
	return `${lines.join('\n')}\n`;
}

/**
 * Returns the help of a flag with its default and details, such as `window: 5m 15m … (default 1h). The time range that
 * is shown at startup.`
 */
export function describeFlag({long, help, default: preset}: Flag & {readonly long: FlagName}): string {
	const details = flagDetails[long];
	const clause = preset === undefined ? help : `${help} (default ${preset})`;
	return details === undefined ? clause : `${clause}. ${details}`;
}

function topicLines({title, intro, rows, note}: Topic): readonly string[] {
	return [
		`.SH ${toRoff(title.toUpperCase())}`,
		...(intro === undefined ? [] : [paragraph(`${intro}:`)]),
		...rows.flatMap(([name, meaning]) => entry(bold(name), meaning)),
		...(note === undefined ? [] : ['.PP', paragraph(note)]),
	];
}

function keys(entries: readonly KeyEntry[]): readonly string[] {
	return entries.flatMap(key => {
		const names = spellArrows(keyNames(key)).split(' ');
		return entry(names.map(name => (name === 'to' ? name : bold(name))).join(' '), key.help);
	});
}

function entry(name: string, meaning: string): readonly string[] {
	return ['.TP', name, paragraph(meaning)];
}

/**
 * Returns a line of text. A period or an apostrophe at its beginning is escaped, because it would start a roff request.
 */
function paragraph(text: string): string {
	return toRoff(text).replace(/^[.']/, '\\&$&');
}

/** Spells out arrows, because groff omits them in the C locale. */
export function spellArrows(text: string): string {
	return text.replaceAll(/[←→↑↓]/g, arrow => ({'←': 'left', '→': 'right', '↑': 'up', '↓': 'down'})[arrow] ?? arrow);
}

function bold(text: string): string {
	return `\\fB${toRoff(text)}\\fR`;
}

function italic(text: string): string {
	return `\\fI${toRoff(text)}\\fR`;
}

/** The replacements for some characters in roff input. Any other character outside ASCII becomes `\[uXXXX]`. */
const escapes: Readonly<Record<string, string>> = {
	'\\': '\\e',
	'-': '\\-',
	'~': '\\(ti',
	'^': '\\(ha',
	'`': '\\(ga',
	'…': '...',
};

function toRoff(text: string): string {
	return text.replaceAll(/[-\\~^`]|[^\x20-\x7e]/gu, character => {
		const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
		return escapes[character] ?? `\\[u${code}]`;
	});
}

function lowerFirst(text: string): string {
	return text.replace(/\.$/, '').replace(/^./, letter => letter.toLowerCase());
}
