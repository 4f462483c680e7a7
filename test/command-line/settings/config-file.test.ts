import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {readConfigFile} from '../../../source/command-line/settings/config-file.ts';
import {settings} from '../../../source/command-line/settings/settings.ts';
import type {HostEnvironment} from '../../../source/credentials/host-environment.ts';
import {UserError} from '../../../source/errors/user-error.ts';
import {anyCharacter} from '../../helpers/any-character.ts';
import {configPath, fakeSources, fileError, thrownBy} from '../../helpers/fake-input.ts';
import {statedDefaults} from '../../helpers/stated-defaults.ts';

const shown = '~/.config/loops-top/config.json';

function textsOf(content: string): Readonly<Record<string, string>> {
	const {layer} = readConfigFile(fakeSources({[configPath]: content}), undefined);
	return Object.fromEntries([...layer].map(([name, {text}]) => [name, text]));
}

const places: ReadonlyArray<readonly [what: string, sources: Partial<HostEnvironment>, path: string, shown: string]> = [
	['~/.config', {}, configPath, shown],
	[
		'XDG_CONFIG_HOME',
		{environment: {XDG_CONFIG_HOME: '/xdg'}},
		'/xdg/loops-top/config.json',
		'/xdg/loops-top/config.json',
	],
	['~/.config if XDG_CONFIG_HOME is empty', {environment: {XDG_CONFIG_HOME: ''}}, configPath, shown],
	['~/.config if XDG_CONFIG_HOME is relative', {environment: {XDG_CONFIG_HOME: 'xdg'}}, configPath, shown],
	['~/.config on macOS', {platform: 'darwin'}, configPath, shown],
	[
		'%APPDATA%',
		{
			platform: 'win32',
			homeDirectory: 'C:\\Users\\ada',
			environment: {APPDATA: 'D:\\Roaming', XDG_CONFIG_HOME: 'C:\\x'},
		},
		'D:\\Roaming\\loops-top\\config.json',
		'D:\\Roaming\\loops-top\\config.json',
	],
	[
		'AppData\\Roaming on Windows without APPDATA',
		{platform: 'win32', homeDirectory: 'C:\\Users\\ada'},
		'C:\\Users\\ada\\AppData\\Roaming\\loops-top\\config.json',
		'~\\AppData\\Roaming\\loops-top\\config.json',
	],
];

for (const [what, sources, path, shownPath] of places) {
	test(`the settings file is in ${what}`, () => {
		const there = readConfigFile(fakeSources({[path]: '{"utc":true}'}, sources), undefined);
		assert.equal(there.shownPath, shownPath);
		assert.equal(there.isThere, true);
		assert.deepEqual(there.layer.get('utc'), {text: 'true', from: 'config file'});
		const missing = readConfigFile(fakeSources({}, sources), undefined);
		assert.deepEqual({...missing}, {layer: new Map(), shownPath, isThere: false});
	});
}

test('a given file is read instead of the default one', () => {
	const sources = fakeSources({[configPath]: 'broken', 'own.json': '{"window":"3d"}'});
	const {layer, shownPath} = readConfigFile(sources, 'own.json');
	assert.equal(shownPath, 'own.json');
	assert.equal(layer.get('window')?.text, '3d');
});

const accepted: ReadonlyArray<readonly [content: string, texts: Readonly<Record<string, string>>]> = [
	['{}', {}],
	['\u{FEFF}{"window":"3h"}\r\n', {window: '3h'}],
	['{"thresholds":{}}', {}],
	['{"interval":30,"theme":" dark "}', {interval: '30', theme: 'dark'}],
	[
		'{"interval":"1m","utc":false,"mouse":true,"plain":false,"bell":true}',
		{interval: '1m', utc: 'false', mouse: 'true', plain: 'false', bell: 'true'},
	],
	[
		'{"symbols":"ascii","thresholds":{"disk":85.5,"5xx":"7%","stale":"5m"}}',
		{symbols: 'ascii', disk: '85.5', '5xx': '7%', stale: '5m'},
	],
	['{"window":"3h","window":"3d"}', {window: '3d'}],
];

for (const [content, texts] of accepted) {
	test(`the file can contain ${JSON.stringify(content)}`, () => {
		assert.deepEqual(textsOf(content), texts);
	});
}

const there = 'Known: window, interval, compare, theme, symbols, price, utc, mouse, plain, bell, and thresholds.';
const thresholds =
	'Known: idle-gpus, straggler, gpu-memory, disk, ram, 5xx, 4xx, disk-growth, stalled, idle-deployment, checkpoint-age, and stale.';
const elsewhere = "doesn't belong here. Keep keys in BASETEN_API_KEY, or sign in with `baseten auth login`.";
const object = 'must be an object in braces, such as {"window": "3h"}.';

const mistakes: ReadonlyArray<readonly [content: string, ...sentences: readonly string[]]> = [
	['null', `${shown} ${object}`],
	['[]', `${shown} ${object}`],
	['"window"', `${shown} ${object}`],
	['{"window":"2h"}', `${shown}: window "2h" isn't one of 5m, 15m, 30m, 1h, 3h, 6h, 12h, 24h, 3d, 7d.`],
	['{"window":null}', `${shown}: window must be a string, such as "3h".`],
	['{"window":["3h"]}', `${shown}: window must be a string, such as "3h".`],
	['{"interval":1}', `${shown}: interval 1 is out of range. Use 2s to 1h.`],
	['{"interval":2.5}', `${shown}: interval "2.5" isn't a duration. Use one such as 10, 10s, 1m, or 1m30s.`],
	['{"interval":-5}', `${shown}: interval "-5" isn't a duration. Use one such as 10, 10s, 1m, or 1m30s.`],
	['{"interval":1e999}', `${shown}: interval must be a string, such as "30s".`],
	['{"interval":true}', `${shown}: interval must be a string, such as "30s".`],
	['{"theme":""}', `${shown}: theme "" isn't one of auto, dark, light, mono, colorblind.`],
	[
		'{"theme":"\\u001B]0;owned\\u0007\\u001B[31mred\\u202E"}',
		`${shown}: theme "red" isn't one of auto, dark, light, mono, colorblind.`,
	],
	['{"symbols":{}}', `${shown}: symbols must be a string, such as "ascii".`],
	['{"mouse":"yes"}', `${shown}: mouse must be true or false.`],
	['{"bell":1}', `${shown}: bell must be true or false.`],
	['{"utc":null}', `${shown}: utc must be true or false.`],
	['{"thresholds":90}', `${shown}: thresholds must be an object in braces, such as {"disk": 75}.`],
	['{"thresholds":[]}', `${shown}: thresholds must be an object in braces, such as {"disk": 75}.`],
	['{"thresholds":null}', `${shown}: thresholds must be an object in braces, such as {"disk": 75}.`],
	['{"thresholds":{"disk":101}}', `${shown}: thresholds.disk "101" isn't a percentage. Use 0 to 100.`],
	['{"thresholds":{"disk":-0.1}}', `${shown}: thresholds.disk "-0.1" isn't a percentage. Use 0 to 100.`],
	[
		'{"thresholds":{"disk":null}}',
		`${shown}: thresholds.disk must be a string, such as "${statedDefaults.disk.shown}".`,
	],
	['{"thresholds":{"stale":59}}', `${shown}: thresholds.stale 59 is out of range. Use 1m to 24h.`],
	['{"thresholds":{"gpu":90}}', `${shown}: unknown threshold "gpu". ${thresholds}`],
	['{"colour":"red"}', `${shown}: unknown setting "colour". ${there}`],
	['{"\\u001B[2Jx\\n":1}', `${shown}: unknown setting "x". ${there}`],
	[`{"${'x'.repeat(999)}":1}`, `${shown}: unknown setting "${'x'.repeat(39)}…". ${there}`],
	['{"__proto__":{"mouse":true}}', `${shown}: unknown setting "__proto__". ${there}`],
	['{"thresholds":{"__proto__":{"disk":1}}}', `${shown}: unknown threshold "__proto__". ${thresholds}`],
	[
		'{"constructor":1,"toString":2}',
		`${shown}: unknown setting "constructor". ${there}`,
		`${shown}: unknown setting "toString". ${there}`,
	],
	['{"api_key":"a"}', `${shown}: "api_key" ${elsewhere}`],
	[
		'{"apiKey":"a","key":"b","token":"c","BASETEN_API_KEY":"d"}',
		...['apiKey', 'key', 'token', 'BASETEN_API_KEY'].map(name => `${shown}: "${name}" ${elsewhere}`),
	],
	['{"thresholds":{"api-key":"a"}}', `${shown}: "api-key" ${elsewhere}`],
	[
		'{"thresholds":{"disk":"x","cpu":1},"mouse":2,"window":"1h","foo":3}',
		`${shown}: mouse must be true or false.`,
		`${shown}: thresholds.disk "x" isn't a percentage. Use 0 to 100.`,
		`${shown}: unknown threshold "cpu". ${thresholds}`,
		`${shown}: unknown setting "foo". ${there}`,
	],
	['', `${shown} isn't valid JSON: it ends unexpectedly.`],
	['{"window":', `${shown} isn't valid JSON: it ends unexpectedly.`],
	['{"window":"3', `${shown} isn't valid JSON: it ends unexpectedly.`],
	['{\n\t"theme": dark\n}', `${shown} isn't valid JSON: see line 2, column 11.`],
	['{\n\t"theme": "dark",\n}', `${shown} isn't valid JSON: see line 3, column 1.`],
	['{"window":"3h" "utc":true}', `${shown} isn't valid JSON: see line 1, column 16.`],
	["{'window':'3h'}", `${shown} isn't valid JSON: see line 1, column 2.`],
	['// mine\n{}', `${shown} isn't valid JSON: see line 1, column 1.`],
	['{}\n\u{1B}[31mred', `${shown} isn't valid JSON: see line 2, column 1.`],
	['{"window":}', `${shown} isn't valid JSON: a value is missing.`],
	['['.repeat(65_536), `${shown} isn't valid JSON: it ends unexpectedly.`],
	[`${'['.repeat(32_768)}${']'.repeat(32_768)}`, `${shown} ${object}`],
	[`{"window":${'['.repeat(32_000)}${']'.repeat(32_000)}}`, `${shown}: window must be a string, such as "3h".`],
	[`{}${' '.repeat(65_535)}`, `${shown} is larger than 64 KiB, the limit for a settings file.`],
	[`{"x":"${'€'.repeat(30_000)}"}`, `${shown} is larger than 64 KiB, the limit for a settings file.`],
];

for (const [content, ...sentences] of mistakes) {
	test(`a file with ${JSON.stringify(content).slice(0, 70)} is rejected, and the message says why`, () => {
		const {message, exitCode} = thrownBy(() => textsOf(content));
		assert.equal(message, `${sentences.join('\n')} See loops-top --help.`);
		assert.equal(exitCode, 2);
	});
}

for (const [code, why] of [
	['EACCES', 'permission denied'],
	['EISDIR', 'it is a directory'],
	['ELOOP', 'ELOOP'],
] as const) {
	test(`if a file can't be read because of ${code}, the reason is reported, wherever the file is`, () => {
		const sources = fakeSources({[configPath]: fileError(code), 'own.json': fileError(code)});
		for (const [path, shownPath] of [
			[undefined, shown],
			['own.json', 'own.json'],
		] as const) {
			const {message, exitCode} = thrownBy(() => readConfigFile(sources, path));
			assert.equal(
				message,
				`${shownPath} can't be read (${why}). Make it readable, or choose another with --config. See loops-top --help.`,
			);
			assert.equal(exitCode, 2);
		}
	});
}

test('any file is either read or reported in lines without control characters', () => {
	const names = [...Object.keys(settings), 'thresholds', 'disk', 'stale', '__proto__', 'api_key'];
	const content = fc.oneof(
		fc.json(),
		fc.string({unit: anyCharacter}),
		fc.dictionary(fc.constantFrom(...names), fc.jsonValue()).map(value => JSON.stringify(value)),
		fc.dictionary(fc.string({unit: anyCharacter}), fc.jsonValue()).map(value => JSON.stringify(value)),
	);
	fc.assert(
		fc.property(content, text => {
			try {
				textsOf(text);
			} catch (error) {
				assert.ok(error instanceof UserError, String(error));
				assert.equal(error.exitCode, 2);
				assert.match(error.message, /^(?:~\/\.config\/loops-top\/config\.json[^\p{Control}]+(?:\n|$))+$/u);
			}
		}),
		{numRuns: 2000},
	);
});
