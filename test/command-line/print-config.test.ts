import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readConfiguration} from '../../source/command-line/options.ts';
import type {HostEnvironment} from '../../source/credentials/host-environment.ts';
import {apiKey, auth, authPath, configPath, fakeSources, thrownBy} from '../helpers/fake-input.ts';
import {statedDefaults} from '../helpers/stated-defaults.ts';

function printed(
	argv: readonly string[],
	files: Readonly<Record<string, string | Error>> = {},
	others: Partial<HostEnvironment> = {},
): string {
	const sources = fakeSources(files, others);
	const outcome = readConfiguration({...sources, argv: ['--print-config', ...argv], version: '1.2.3'});
	assert.equal(outcome.kind, 'print');
	return outcome.kind === 'print' ? outcome.text : assert.fail();
}

/** The decisions about a terminal if the environment says nothing about it. */
const unknownTerminal = `
Terminal
terminal         unknown                      no TERM
colors           none                         no TERM
background       unknown                      not queried
block symbols    assumed to be one cell wide  not queried
multiplexer      none                         TMUX, STY
escape timeout   25ms                         no SSH_*, MOSH_*
control strings  not sent                     TERM
`;

/** Returns the lines of the thresholds, with values padded to `width`, and with `others` in place of the defaults. */
function thresholdLines(width: number, others: Readonly<Record<string, readonly [shown: string, from: string]>> = {}) {
	return Object.values(statedDefaults)
		.map(({name, shown}) => {
			const [value, from] = others[name] ?? [shown, 'default'];
			return `${name.padEnd(15)}  ${value.padEnd(width)}  ${from}`;
		})
		.join('\n');
}

/** Returns the line with this name, split into columns. */
function line(text: string, name: string): readonly string[] {
	const found = text.split('\n').find(line => line.startsWith(`${name} `)) ?? '';
	return found.split(/ {2,}/);
}

test('--print-config prints the defaults if nothing is set, and requires neither an ID nor a key', () => {
	assert.equal(
		printed([]),
		`Settings file ~/.config/loops-top/config.json (not found)
window           1h                      default
interval         10s                     default
compare          off                     default
theme            auto                    default
symbols          braille                 locale
color            auto                    default
price            the list price          default
utc              false                   default
mouse            false                   default
plain            false                   default
bell             false                   default
${thresholdLines(22)}
API              https://api.baseten.co  default
key              no key found            There is no API key in BASETEN_API_KEY, ~/.config/baseten/auth.json, or ~/.trussrc. Set BASETEN_API_KEY to one from https://app.baseten.co/settings/api_keys, or try loops-top --demo.
${unknownTerminal}`,
	);
});

test('--print-config reports a key in the keyring, and its remote URL, without opening the keyring', () => {
	const files = {[authPath]: auth({work: {auth_type: 'oauth', remote_url: 'https://app.staging.baseten.co'}}, 'work')};
	const text = printed([], files);
	assert.deepEqual(line(text, 'key'), ['key', 'stored', 'profile work in the system keyring']);
	assert.deepEqual(line(text, 'API'), ['API', 'https://api.staging.baseten.co', 'remote URL of the key']);
});

test('--print-config shows the source of each setting', () => {
	const files = {
		[configPath]: '{"window":"3d","interval":90,"mouse":true,"thresholds":{"disk":0.5,"ram":"80%"}}',
		[authPath]: auth({work: apiKey('very-secret', 'https://app.staging.baseten.co')}, 'work'),
	};
	const environment = {
		NO_COLOR: '1',
		LOOPS_TOP_MOUSE: '0',
		LOOPS_TOP_BELL: 'yes',
		LOOPS_TOP_THRESHOLD: 'ram=7',
	};
	const argv = ['--theme', 'dark', '--ascii', '--utc', '--threshold=stale=1h30m', 'k4q95w5'];
	assert.equal(
		printed(argv, files, {environment}),
		`Settings file ~/.config/loops-top/config.json (read)
window           3d                              config file
interval         1m30s                           config file
compare          off                             default
theme            dark                            option --theme
symbols          ascii                           option --ascii
color            none                            NO_COLOR
price            the list price                  default
utc              true                            option --utc
mouse            false                           LOOPS_TOP_MOUSE
plain            false                           default
bell             true                            LOOPS_TOP_BELL
${thresholdLines(30, {
	disk: ['0.5%', 'config file'],
	ram: ['7%', 'LOOPS_TOP_THRESHOLD'],
	stale: ['1h30m', 'option --threshold'],
})}
API              https://api.staging.baseten.co  remote URL of the key
key              found                           profile work in ~/.config/baseten/auth.json
${unknownTerminal}`,
	);
});

for (const [what, argv, environment, name, expected] of [
	['--no-color', ['--no-color'], {}, 'color', ['none', 'option --no-color']],
	['a dumb terminal', [], {TERM: 'dumb'}, 'symbols', ['ascii', 'TERM']],
	['a terminal that can only print lines', [], {TERM: 'dumb'}, 'plain', ['true', 'TERM']],
	[
		'a dumb terminal whose user chose the screen',
		[],
		{TERM: 'dumb', LOOPS_TOP_PLAIN: '0'},
		'plain',
		['false', 'LOOPS_TOP_PLAIN'],
	],
	['--symbols', ['--symbols', 'block'], {LANG: 'C'}, 'symbols', ['block', 'option --symbols']],
	['--api-url', ['--api-url', 'https://a.b/c'], {}, 'API', ['https://a.b/c', 'option --api-url']],
	[
		'the override',
		[],
		{BASETEN_MANAGEMENT_API_URL_OVERRIDE: 'https://a.b'},
		'API',
		['https://a.b', 'BASETEN_MANAGEMENT_API_URL_OVERRIDE'],
	],
	['BASETEN_API_KEY', [], {BASETEN_API_KEY: 'very-secret'}, 'key', ['found', 'BASETEN_API_KEY']],
	['the demo', ['--demo'], {}, 'API', ['simulated', 'option --demo']],
	[
		'a proxy without its password',
		[],
		{BASETEN_API_KEY: 'very-secret', HTTPS_PROXY: 'http://ada:very-secret@proxy:3128'},
		'proxy',
		['http://proxy:3128', 'HTTPS_PROXY'],
	],
	[
		'the demo, which needs no key',
		['--demo'],
		{BASETEN_API_KEY: 'very-secret'},
		'key',
		['not needed', 'option --demo'],
	],
] as const) {
	test(`--print-config reports ${what}`, () => {
		const text = printed(argv, {}, {environment});
		assert.deepEqual(line(text, name), [name, ...expected]);
		assert.ok(!text.includes('very-secret'));
	});
}

test("--print-config says why a stored key isn't found", () => {
	const text = printed(['--profile', 'gone'], {[authPath]: auth({work: apiKey('very-secret')})});
	assert.deepEqual(line(text, 'key').slice(1), [
		'no key found',
		'There is no profile "gone" in ~/.config/baseten/auth.json. Choose one with --profile: work.',
	]);
});

test('--print-config names the file that is given to --config', () => {
	assert.match(printed(['--config', 'own.json'], {'own.json': '{}'}), /^Settings file own\.json \(read\)\n/);
});

for (const [what, argv, files, sentence] of [
	[
		'an invalid file',
		[],
		{[configPath]: '{"utc":1}'},
		/^~\/\.config\/loops-top\/config\.json: utc must be true or false\./,
	],
	['an invalid flag', ['--theme', 'x'], {}, /^--theme "x" isn't one of/],
	['an invalid address', ['--api-url', 'x'], {}, /^--api-url isn't a URL/],
	['an unknown scenario', ['--demo', 'x'], {}, /^--demo "x" isn't one of/],
	[
		'an invalid remote URL of the key',
		[],
		{[authPath]: auth({a: apiKey('k', 'x')}, 'a')},
		/^The remote URL of profile a/,
	],
] as const) {
	test(`--print-config rejects ${what}, as any other run does`, () => {
		const {message, exitCode} = thrownBy(() => printed(argv, files));
		assert.match(message, sentence);
		assert.equal(exitCode, 2);
	});
}

test('--help and --version take precedence over --print-config, and over errors in a file', () => {
	const sources = fakeSources({[configPath]: 'broken'});
	for (const kind of ['help', 'version'] as const) {
		assert.equal(readConfiguration({...sources, argv: ['--print-config', `--${kind}`], version: '1'}).kind, kind);
	}
});
