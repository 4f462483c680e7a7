import * as z from 'zod/mini';
import {
	configDirectory,
	type HostEnvironment,
	pathsOf,
	readStoredFile,
	showName,
	showNames,
	showPath,
	warnOfOpenFile,
} from '../../credentials/host-environment.ts';
import {usageError} from '../../errors/user-error.ts';
import {type Layer, type Provided, thresholdSettings} from './resolve.ts';
import {type AnySetting, settings} from './settings.ts';

/** Matches as many JSON tokens as possible, in any order, at the beginning of a string. */
const pieces = /^(?:[\s{}[\],:]|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)*/;

/**
 * Describes the position at which a string stops being valid JSON. The result doesn't include V8's message, which
 * quotes the text around the error, possibly including a key.
 */
function describeJsonMistake(text: string, error: unknown): string {
	const message = error instanceof Error ? error.message : '';
	const position = / at position (\d+)/.exec(message)?.[1];
	if (message.includes('end of JSON') || Number(position) >= text.length) {
		return 'it ends unexpectedly';
	}

	// V8 doesn't report the position of an unknown word or character.
	const place = position === undefined ? (pieces.exec(text)?.[0].length ?? 0) : Number(position);
	if (place >= text.length) {
		return 'a value is missing';
	}

	const lines = text.slice(0, place).split('\n');
	return `see line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

const maxBytes = 65_536;

/** The settings in the settings file, its path, and whether it exists. If it doesn't, the layer is empty. */
export type ConfigFile = {readonly layer: Layer; readonly shownPath: string; readonly isThere: boolean};

const thresholdFields = fieldsOf(Object.values(thresholdSettings));
const fields = {
	...fieldsOf(Object.values(settings)),
	thresholds: z.optional(z.strictObject(thresholdFields, {error: describeObject('such as {"disk": 75}.')})),
};
const configFile = z.strictObject(fields, {error: describeObject('such as {"window": "3h"}.')});

/**
 * Reads the settings file at `chosenPath`, which must exist, or the one in the default location, which is optional.
 *
 * @throws UserError for a missing, unreadable, or invalid file, with one line per error
 */
export function readConfigFile(sources: HostEnvironment, chosenPath: string | undefined): ConfigFile {
	const path = chosenPath ?? pathsOf(sources).join(configDirectory(sources), 'loops-top', 'config.json');
	const shownPath = showPath(path, sources);
	const content = readStoredFile(path, sources, fact =>
		usageError(`${fact}. Make it readable, or choose another with --config.`),
	);
	if (content !== undefined) {
		return {layer: readLayer(content, path, sources), shownPath, isThere: true};
	}

	if (chosenPath !== undefined) {
		throw usageError(`--config ${shownPath} doesn't exist. Use an existing file, or omit the option.`);
	}

	return {layer: new Map(), shownPath, isThere: false};
}

function readLayer(content: string, path: string, sources: HostEnvironment): Layer {
	const shownPath = showPath(path, sources);
	if (Buffer.byteLength(content) > maxBytes) {
		throw usageError(`${shownPath} is larger than 64 KiB, the limit for a settings file.`);
	}

	const result = configFile.safeParse(parseJson(content, shownPath));
	if (!result.success) {
		const {issues} = result.error;
		const warning = issues.some(hasKey) ? warnOfOpenFile(path, sources) : undefined;
		const sentences = issues.flatMap(issue => describeIssue(issue, shownPath));
		throw usageError([...sentences, ...(warning === undefined ? [] : [warning])].join('\n'));
	}

	const {thresholds, ...others} = result.data;
	const layer = new Map<string, Provided>();
	for (const [name, text] of Object.entries({...others, ...thresholds})) {
		if (typeof text === 'string') {
			layer.set(name, {text, from: 'config file'});
		}
	}

	return layer;
}

function parseJson(content: string, shownPath: string): unknown {
	try {
		return JSON.parse(content);
	} catch (error) {
		throw usageError(`${shownPath} isn't valid JSON: ${describeJsonMistake(content, error)}.`);
	}
}

type Field = z.ZodMiniOptional<z.ZodMiniType<string>>;

function fieldsOf(all: readonly AnySetting[]): Readonly<Record<string, Field>> {
	return Object.fromEntries(all.map(setting => [setting.name, fieldOf(setting)]));
}

/** Returns the schema of a setting in the file. The schema converts the value to text, as if a flag had set it. */
function fieldOf({isSwitch, example, parse}: AnySetting): Field {
	const text = isSwitch
		? z.pipe(z.boolean({error: 'must be true or false.'}), z.transform(String))
		: z.pipe(
				z.union([z.string(), z.number()], {error: `must be a string, such as ${JSON.stringify(example)}.`}),
				z.transform(value => String(value).trim()),
			);
	return z.optional(
		text.check(({value, issues}) => {
			const parsed = parse(value);
			if ('mistake' in parsed) {
				issues.push({code: 'custom', message: parsed.mistake, input: value});
			}
		}),
	);
}

function describeObject(example: string) {
	return ({code}: {readonly code: string}): string | undefined =>
		code === 'invalid_type' ? `must be an object in braces, ${example}` : undefined;
}

function isKeyName(name: string): boolean {
	return /(?:key|token|secret|password)$/i.test(name);
}

function hasKey(issue: z.core.$ZodIssue): boolean {
	return issue.code === 'unrecognized_keys' && issue.keys.some(isKeyName);
}

/** Returns the lines of the message for an issue: one, or one per unknown key. */
function describeIssue(issue: z.core.$ZodIssue, shownPath: string): readonly string[] {
	const where = issue.path.map(String).join('.');
	if (issue.code !== 'unrecognized_keys') {
		return [where === '' ? `${shownPath} ${issue.message}` : `${shownPath}: ${where} ${issue.message}`];
	}

	const names = Object.keys(where === '' ? fields : thresholdFields);
	const known = showNames(names, names.length);
	const kind = where === '' ? 'setting' : 'threshold';
	return issue.keys.map(key =>
		isKeyName(key)
			? `${shownPath}: "${showName(key)}" doesn't belong here. Keep keys in BASETEN_API_KEY, or sign in with \`baseten auth login\`.`
			: `${shownPath}: unknown ${kind} "${showName(key)}". Known: ${known}.`,
	);
}
