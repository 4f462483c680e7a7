import {readFileSync} from 'node:fs';
import {readProxy} from '../credentials/api-url.ts';
import type {FoundCredential} from '../credentials/credential.ts';
import {findCredential} from '../credentials/find-credential.ts';
import type {HostEnvironment} from '../credentials/host-environment.ts';
import {exitCodes, UserError} from '../errors/user-error.ts';
import {capabilities} from '../theme/capabilities.ts';
import type {Arguments} from './arguments.ts';
import type {ConfigFile} from './settings/config-file.ts';
import type {Settings} from './settings/resolve.ts';
import type {readColor} from './settings/settings.ts';
import {apiUrlOfCredential, readApiUrl, readSource, sourcesOf} from './source-options.ts';

/** Reads a terminfo entry, which is a binary file, as bytes. */
const readTerminfo = (file: string): Uint8Array => readFileSync(file);

type Row = readonly [name: string, value: string, from: string];

/** The data from which the output of --print-config is generated. */
type InForce = {
	readonly file: ConfigFile;
	readonly settings: Settings;
	readonly color: ReturnType<typeof readColor>;
	readonly given: Arguments;
	readonly input: HostEnvironment;
};

/**
 * Returns the output of --print-config: the effective settings, the API URL, whether there is a key (but never the key
 * itself), and the capabilities of the terminal, each with its source.
 *
 * @throws UserError for an invalid API URL, remote URL, or proxy URL, and for invalid options of the demo or a replay
 */
export function printedConfiguration({file, settings, color, given, input}: InForce): string {
	const {window, interval, compare, theme, symbols, price, utc, mouse, plain, bell, thresholds} = settings;
	const rows = [
		...[window, interval, compare, theme, symbols].map(row),
		['color', color.value, color.from] as const,
		...[price, utc, mouse, plain, bell, ...Object.values(thresholds)].map(row),
		...sourceRows(given, input),
	];
	const state = file.isThere ? 'read' : 'not found';
	const terminal = capabilities(input.environment, readTerminfo);
	return `Settings file ${file.shownPath} (${state})\n${threeColumns(rows)}\n\nTerminal\n${threeColumns(terminal)}\n`;
}

function row({name, shown, from}: {readonly name: string; readonly shown: string; readonly from: string}): Row {
	return [name, shown, from];
}

/** Returns the rows about the source of responses. */
function sourceRows(given: Arguments, input: HostEnvironment): readonly Row[] {
	const flag = given.flags.has('replay') ? '--replay' : given.flags.has('demo') ? '--demo' : undefined;
	if (flag === undefined) {
		return accessRows(given, input);
	}

	readSource({...given, deploymentIds: []}, input);
	return [
		['API', flag === '--demo' ? 'simulated' : 'recorded', `option ${flag}`],
		['key', 'not needed', `option ${flag}`],
	];
}

function accessRows(given: Arguments, input: HostEnvironment): readonly Row[] {
	const chosen = readApiUrl(given, input);
	const found = findKey(sourcesOf(given, input));
	const {url, from} = chosen ?? apiUrlOfCredential(found instanceof UserError ? undefined : found);
	const proxy = readProxy(input.environment, url);
	return [
		['API', url.href.replace(/\/$/, ''), from],
		...(proxy === undefined ? [] : [['proxy', proxy.url.origin, proxy.from] as const]),
		keyRow(found),
	];
}

/** Returns the row for the key. Doesn't open the keyring, because that might prompt the user for a password. */
function keyRow(found: FoundCredential | UserError): Row {
	if (found instanceof UserError) {
		return ['key', 'no key found', found.message];
	}

	return ['key', 'secret' in found ? 'found' : 'stored', found.from];
}

/** Returns the key or its keyring entry, or the error if the key is missing or unusable. Throws any other error. */
function findKey(sources: HostEnvironment): FoundCredential | UserError {
	try {
		return findCredential(sources);
	} catch (error) {
		if (error instanceof UserError && error.exitCode === exitCodes.authentication) {
			return error;
		}

		throw error;
	}
}

function threeColumns(rows: readonly Row[]): string {
	const nameWidth = Math.max(...rows.map(([name]) => name.length));
	const valueWidth = Math.max(...rows.map(([, value]) => value.length));
	return rows
		.map(([name, value, from]) => `${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${from}`)
		.join('\n');
}
