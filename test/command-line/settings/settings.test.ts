import assert from 'node:assert/strict';
import {test} from 'node:test';
import {flags} from '../../../source/command-line/flags.ts';
import {type Configuration, readConfiguration} from '../../../source/command-line/options.ts';
import {thresholdSettings} from '../../../source/command-line/settings/resolve.ts';
import {readColor, settings, symbolsOfTerminal} from '../../../source/command-line/settings/settings.ts';
import {defaultThresholds} from '../../../source/metrics/thresholds.ts';
import {configPath, fakeSources, thrownBy} from '../../helpers/fake-input.ts';
import {statedDefaults} from '../../helpers/stated-defaults.ts';

const utf8 = {LANG: 'en_US.UTF-8'};

for (const [what, environment, noColor, value, from] of [
	['nothing is set', {}, false, 'auto', 'default'],
	['NO_COLOR is empty', {NO_COLOR: ''}, false, 'auto', 'default'],
	['NO_COLOR is set', {NO_COLOR: '1'}, false, 'none', 'NO_COLOR'],
	['NO_COLOR is set to 0', {NO_COLOR: '0'}, false, 'none', 'NO_COLOR'],
	['the terminal is dumb', {TERM: 'dumb'}, false, 'none', 'TERM'],
	["the terminal isn't dumb", {TERM: 'xterm-256color'}, false, 'auto', 'default'],
	['--no-color is given', {NO_COLOR: '1', TERM: 'dumb'}, true, 'none', 'option --no-color'],
] as const) {
	test(`readColor returns ${value} with the source ${from} if ${what}`, () => {
		assert.deepEqual(readColor(environment, noColor), {value, from});
	});
}

for (const [environment, symbols] of [
	[{LANG: 'en_US.UTF-8'}, 'braille'],
	[{LANG: 'C.UTF-8'}, 'braille'],
	[{LANG: 'de_CH.utf8'}, 'braille'],
	[{LC_CTYPE: 'UTF-8'}, 'braille'],
	[{LANG: 'C'}, 'ascii'],
	[{LANG: 'POSIX'}, 'ascii'],
	[{LANG: 'en_US'}, 'ascii'],
	[{LANG: 'en_US.ISO-8859-1'}, 'ascii'],
	[{LC_ALL: 'C', LANG: 'en_US.UTF-8'}, 'ascii'],
	[{LC_ALL: 'C', LC_CTYPE: 'en_US.UTF-8'}, 'ascii'],
	[{LC_CTYPE: 'C', LANG: 'en_US.UTF-8'}, 'ascii'],
	[{LC_ALL: 'C.UTF-8', LANG: 'C'}, 'braille'],
	[{LC_ALL: '', LC_CTYPE: '', LANG: 'en_US.UTF-8'}, 'braille'],
	[{}, 'braille'],
	[{LANG: ''}, 'braille'],
	[{TMUX: '/tmp/tmux-1000/default,1,0'}, 'ascii'],
	[{STY: '1.pts-0.host'}, 'ascii'],
	[{TMUX: '/tmp/tmux-1000/default,1,0', LANG: 'en_US.UTF-8'}, 'braille'],
	[{TERM: 'dumb', ...utf8}, 'ascii'],
	[{TERM: 'linux', ...utf8}, 'ascii'],
	...['linux-16color', 'linux2.6', 'screen.linux', 'eterm', 'eterm-256color'].map(
		TERM => [{TERM, ...utf8}, 'ascii'] as const,
	),
	[{TERM: 'eterm-color', ...utf8}, 'ascii'],
	[{TERM: 'mlterm', ...utf8}, 'block'],
	[{VIMRUNTIME: '/usr/share/nvim/runtime', NVIM: '/tmp/nvimwtrb3T/0', ...utf8}, 'ascii'],
	[{VIMRUNTIME: '/usr/share/vim/vim90', ...utf8}, 'braille'],
	[{TERM: 'tmux-256color', ...utf8}, 'braille'],
] as const) {
	test(`symbolsOfTerminal returns ${symbols} for ${JSON.stringify(environment)}`, () => {
		assert.equal(symbolsOfTerminal(environment).text, symbols);
	});
}

test('symbolsOfTerminal returns the source of its decision', () => {
	assert.equal(symbolsOfTerminal(utf8).from, 'locale');
	assert.equal(symbolsOfTerminal({TERM: 'linux', ...utf8}).from, 'TERM');
});

type Sources = {
	readonly argv?: readonly string[];
	readonly environment?: Readonly<Record<string, string>>;
	readonly file?: Readonly<Record<string, unknown>>;
};

function configure({argv = [], environment = {}, file}: Sources): Configuration {
	const files = file === undefined ? {} : {[configPath]: JSON.stringify(file)};
	const sources = fakeSources(files, {environment});
	const outcome = readConfiguration({...sources, argv: ['--demo', 'steady', ...argv], version: '1.2.3'});
	return outcome.kind === 'run' ? outcome.configuration : assert.fail();
}

type Case = readonly [
	name: string,
	read: (configuration: Configuration) => unknown,
	flag: readonly [argv: readonly string[], value: unknown],
	variable: readonly [name: string, text: string, value: unknown],
	file: readonly [content: Readonly<Record<string, unknown>>, value: unknown],
	preset: unknown,
];

const cases: readonly Case[] = [
	[
		'window',
		({window}) => window.name,
		[['-w', '5m'], '5m'],
		['LOOPS_TOP_WINDOW', '15m', '15m'],
		[{window: '7d'}, '7d'],
		'1h',
	],
	[
		'interval',
		({intervalMs}) => intervalMs,
		[['-i', '2'], 2000],
		['LOOPS_TOP_INTERVAL', '1m30s', 90_000],
		[{interval: 30}, 30_000],
		10_000,
	],
	[
		'compare',
		({comparison}) => comparison,
		[['--compare', '1d'], '1d'],
		['LOOPS_TOP_COMPARE', 'window', 'window'],
		[{compare: '7d'}, '7d'],
		'off',
	],
	[
		'theme',
		({theme}) => theme,
		[['--theme', 'light'], 'light'],
		['LOOPS_TOP_THEME', 'mono', 'mono'],
		[{theme: 'colorblind'}, 'colorblind'],
		'auto',
	],
	[
		'symbols',
		({symbols}) => symbols,
		[['--symbols', 'ascii'], 'ascii'],
		['LOOPS_TOP_SYMBOLS', 'block', 'block'],
		[{symbols: 'ascii'}, 'ascii'],
		'braille',
	],
	['price', ({price}) => price, [['--price', '52'], 52], ['LOOPS_TOP_PRICE', '0.5', 0.5], [{price: 7}, 7], undefined],
	['utc', ({utc}) => utc, [['--utc'], true], ['LOOPS_TOP_UTC', '0', false], [{utc: true}, true], false],
	['mouse', ({mouse}) => mouse, [['--mouse'], true], ['LOOPS_TOP_MOUSE', 'no', false], [{mouse: true}, true], false],
	['plain', ({plain}) => plain, [['--plain'], true], ['LOOPS_TOP_PLAIN', 'no', false], [{plain: true}, true], false],
	['bell', ({bell}) => bell, [['--bell'], true], ['LOOPS_TOP_BELL', 'false', false], [{bell: true}, true], false],
	...(
		[
			['idle-gpus', 'idleGpus'],
			['straggler', 'straggler'],
			['gpu-memory', 'gpuMemory'],
			['disk', 'disk'],
			['ram', 'ram'],
			['5xx', 'status5xx'],
			['4xx', 'status4xx'],
		] as const
	).map(
		([name, field]): Case => [
			name,
			({thresholds}) => thresholds[field],
			[['--threshold', `${name}=33`], 0.33],
			['LOOPS_TOP_THRESHOLD', `${name}=44.5%`, 0.445],
			[{thresholds: {[name]: 7}}, 0.07],
			statedDefaults[field].value,
		],
	),
	...(
		[
			['disk-growth', 'diskGrowthMs'],
			['stalled', 'stalledMs'],
			['idle-deployment', 'idleDeploymentMs'],
			['checkpoint-age', 'checkpointAgeMs'],
			['stale', 'staleMs'],
		] as const
	).map(
		([name, field]): Case => [
			name,
			({thresholds}) => thresholds[field],
			[['--threshold', `${name}=1m`], 60_000],
			['LOOPS_TOP_THRESHOLD', `${name}=24h`, 86_400_000],
			[{thresholds: {[name]: '5m'}}, 300_000],
			statedDefaults[field].value,
		],
	),
];

for (const [name, read, [argv, byFlag], [variable, text, byVariable], [file, byFile], preset] of cases) {
	test(`${name} comes from the flag, or else from the environment, the file, or the default, in this order`, () => {
		const environment = {[variable]: text};
		assert.equal(read(configure({argv, environment, file})), byFlag);
		assert.equal(read(configure({environment, file})), byVariable);
		assert.equal(read(configure({environment: {[variable]: ' '}, file})), byFile);
		assert.equal(read(configure({})), preset);
	});
}

test('every setting has a test case, and its example can be parsed', () => {
	const all = [...Object.values(settings), ...Object.values(thresholdSettings)];
	assert.deepEqual(
		cases.map(([name]) => name),
		all.map(({name}) => name),
	);
	for (const {parse, example} of all) {
		assert.ok('value' in parse(example), example);
	}
});

test('each threshold comes from its own source, regardless of the others', () => {
	const {thresholds} = configure({
		argv: ['--threshold', 'disk=1'],
		environment: {LOOPS_TOP_THRESHOLD: ' disk = 2 , ram = 3 '},
		file: {thresholds: {disk: 4, ram: 5, stale: 600}},
	});
	assert.deepEqual(thresholds, {...defaultThresholds, disk: 0.01, ram: 0.03, staleMs: 600_000});
});

for (const [text, value] of [
	['1', true],
	['true', true],
	['YES', true],
	['0', false],
	['False', false],
	['no', false],
] as const) {
	test(`LOOPS_TOP_MOUSE=${text} is ${value}`, () => {
		assert.equal(configure({environment: {LOOPS_TOP_MOUSE: text}}).mouse, value);
	});
}

for (const [what, sources, symbols] of [
	['--ascii rather than the environment', {argv: ['--ascii'], environment: {LOOPS_TOP_SYMBOLS: 'block'}}, 'ascii'],
	['--ascii, even if --symbols ascii is also given', {argv: ['--ascii', '--symbols', 'ascii']}, 'ascii'],
	['the requested symbols rather than the locale', {environment: {LANG: 'C'}, file: {symbols: 'block'}}, 'block'],
	['the locale if no symbols are requested', {environment: {LANG: 'C'}, file: {}}, 'ascii'],
] as const) {
	test(`symbols depend on ${what}`, () => {
		assert.equal(configure(sources).symbols, symbols);
	});
}

for (const [what, sources] of [
	['--no-color', {argv: ['--no-color', '--theme', 'dark']}],
	['NO_COLOR', {environment: {NO_COLOR: '1'}, file: {theme: 'dark'}}],
	['TERM=dumb', {environment: {TERM: 'dumb', LOOPS_TOP_THEME: 'dark'}}],
] as const) {
	test(`there is no color with ${what}, regardless of the theme`, () => {
		const {color, theme} = configure(sources);
		assert.deepEqual({color, theme}, {color: 'none', theme: 'dark'});
	});
}

const names =
	'idle-gpus, straggler, gpu-memory, disk, ram, 5xx, 4xx, disk-growth, stalled, idle-deployment, checkpoint-age, stale';
const words = '1, true, yes, 0, false, no';

const mistakes: ReadonlyArray<readonly [sources: Sources, sentence: string]> = [
	[{argv: ['--theme', 'pink']}, '--theme "pink" isn\'t one of auto, dark, light, mono, colorblind.'],
	[{argv: ['--theme', '\u{1B}[31mred']}, '--theme "red" isn\'t one of auto, dark, light, mono, colorblind.'],
	[{argv: ['--symbols', 'dots']}, '--symbols "dots" isn\'t one of braille, block, ascii.'],
	[{argv: ['--ascii', '--symbols', 'block']}, '--ascii and --symbols contradict each other. Use one of them.'],
	[{argv: ['--threshold', 'disk']}, '--threshold "disk" isn\'t a name with a value, such as disk=75.'],
	[{argv: ['--threshold', 'disk=']}, '--threshold "disk=" isn\'t a name with a value, such as disk=75.'],
	[{argv: ['--threshold', '=85']}, '--threshold "=85" isn\'t a name with a value, such as disk=75.'],
	[{argv: ['--threshold', 'disk=75,']}, '--threshold "" isn\'t a name with a value, such as disk=75.'],
	[{argv: ['--threshold', 'gpu=85']}, `--threshold "gpu" isn't one of ${names}.`],
	[{argv: ['--threshold', '__proto__=85']}, `--threshold "__proto__" isn't one of ${names}.`],
	[{argv: ['--threshold', 'disk=75,disk=75']}, '--threshold has disk twice.'],
	[{argv: ['--threshold', 'disk=100.1']}, '--threshold disk "100.1" isn\'t a percentage. Use 0 to 100.'],
	[{argv: ['--threshold', 'disk=-1']}, '--threshold disk "-1" isn\'t a percentage. Use 0 to 100.'],
	[{argv: ['--threshold', 'disk=1=2']}, '--threshold disk "1=2" isn\'t a percentage. Use 0 to 100.'],
	[{argv: ['--threshold', 'disk=1e1']}, '--threshold disk "1e1" isn\'t a percentage. Use 0 to 100.'],
	[
		{argv: ['--threshold', 'stale=50%']},
		'--threshold stale "50%" isn\'t a duration. Use one such as 5m, 300s, or 1h30m.',
	],
	[{argv: ['--threshold', 'stale=59']}, '--threshold stale 59 is out of range. Use 1m to 24h.'],
	[{argv: ['--threshold', 'stale=24h1s']}, '--threshold stale 24h1s is out of range. Use 1m to 24h.'],
	[
		{argv: ['--threshold', 'disk=x,gpu=1']},
		`--threshold disk "x" isn't a percentage. Use 0 to 100.\n--threshold "gpu" isn't one of ${names}.`,
	],
	[{argv: ['--config', 'gone.json']}, "--config gone.json doesn't exist. Use an existing file, or omit the option."],
	[{environment: {LOOPS_TOP_MOUSE: 'maybe'}}, `LOOPS_TOP_MOUSE "maybe" isn't one of ${words}.`],
	[{environment: {LOOPS_TOP_BELL: 'on'}}, `LOOPS_TOP_BELL "on" isn't one of ${words}.`],
	[{environment: {LOOPS_TOP_UTC: '2'}}, `LOOPS_TOP_UTC "2" isn't one of ${words}.`],
	[
		{environment: {LOOPS_TOP_WINDOW: '2h'}},
		'LOOPS_TOP_WINDOW "2h" isn\'t one of 5m, 15m, 30m, 1h, 3h, 6h, 12h, 24h, 3d, 7d.',
	],
	[{environment: {LOOPS_TOP_INTERVAL: '1'}}, 'LOOPS_TOP_INTERVAL 1 is out of range. Use 2s to 1h.'],
	[
		{environment: {LOOPS_TOP_THEME: 'pink'}},
		'LOOPS_TOP_THEME "pink" isn\'t one of auto, dark, light, mono, colorblind.',
	],
	[
		{environment: {LOOPS_TOP_SYMBOLS: 'BLOCK'}},
		'LOOPS_TOP_SYMBOLS "BLOCK" isn\'t one of braille, block, ascii. Did you mean block?',
	],
	[
		{environment: {LOOPS_TOP_THRESHOLD: 'disk=x', LOOPS_TOP_UTC: '\u{7}'}},
		`LOOPS_TOP_UTC "" isn't one of ${words}.\nLOOPS_TOP_THRESHOLD disk "x" isn't a percentage. Use 0 to 100.`,
	],
	[
		{argv: ['--theme', 'pink'], environment: {LOOPS_TOP_UTC: '2'}, file: {utc: 2}},
		'--theme "pink" isn\'t one of auto, dark, light, mono, colorblind.',
	],
	[{argv: ['--utc'], environment: {LOOPS_TOP_UTC: '2'}, file: {utc: 2}}, `LOOPS_TOP_UTC "2" isn't one of ${words}.`],
	[{argv: ['--utc'], file: {utc: 2}}, '~/.config/loops-top/config.json: utc must be true or false.'],
];

for (const [sources, sentence] of mistakes) {
	test(`${JSON.stringify(sources)} is rejected, and the message says why`, () => {
		const {message, exitCode} = thrownBy(() => configure(sources));
		assert.equal(message, `${sentence} See loops-top --help.`);
		assert.equal(exitCode, 2);
	});
}

test('the completions include every threshold', () => {
	const {values} = flags.find(({long}) => long === 'threshold') ?? assert.fail();
	assert.deepEqual(
		values,
		Object.values(thresholdSettings).map(({name}) => `${name}=`),
	);
});
