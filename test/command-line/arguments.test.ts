import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {parseArguments} from '../../source/command-line/arguments.ts';
import {flags} from '../../source/command-line/flags.ts';
import {readConfiguration} from '../../source/command-line/options.ts';
import {UserError} from '../../source/errors/user-error.ts';
import {anyCharacter} from '../helpers/any-character.ts';
import {fakeSources, thrownBy} from '../helpers/fake-input.ts';

function read(...argv: readonly string[]) {
	return readConfiguration({...fakeSources({}, {environment: {BASETEN_API_KEY: 'k'}}), argv, version: '1.2.3'});
}

for (const topic of ['bash', 'zsh', 'fish', 'profiles', 'remotes'] as const) {
	test(`completion ${topic} is parsed as a request for a script or for names`, () => {
		assert.deepEqual(read('completion', topic), {kind: 'completion', topic});
	});
}

test('completion alone, or as a value, is an ordinary name', () => {
	for (const argv of [['completion'], ['--run', 'completion']]) {
		const outcome = read(...argv);
		assert.ok(outcome.kind === 'run' && outcome.configuration.source.kind === 'deployment');
		const {target} = outcome.configuration.source;
		assert.equal(target.kind === 'unchosen' ? undefined : target.id, 'completion');
	}
});

test('completion for a shell without a script is rejected, and the message lists the topics', () => {
	const {message, exitCode} = thrownBy(() => read('completion', 'tcsh'));
	assert.equal(message, 'completion "tcsh" isn\'t one of bash, zsh, fish, profiles, remotes. See loops-top --help.');
	assert.equal(exitCode, 2);
});

for (const argv of [
	['bash', 'completion'],
	['bash', 'zsh', 'completion'],
]) {
	test(`${argv.join(' ')} is rejected, because it names several deployments`, () => {
		assert.match(thrownBy(() => read(...argv)).message, /^\d deployment IDs are given/);
	});
}

test('completion for two shells is rejected, and the message says what to do', () => {
	const {message, exitCode} = thrownBy(() => read('completion', 'bash', 'zsh'));
	assert.equal(message, 'completion takes one shell. Print one script at a time. See loops-top --help.');
	assert.equal(exitCode, 2);
});

type Expected = {given?: readonly string[]; values?: Readonly<Record<string, string>>; ids?: readonly string[]};

const accepted: ReadonlyArray<readonly [argv: readonly string[], expected: Expected]> = [
	[[], {}],
	[['k4q95w5'], {ids: ['k4q95w5']}],
	[['007'], {ids: ['007']}],
	[['1e3', ''], {ids: ['1e3', '']}],
	[['-'], {ids: ['-']}],
	[['a', 'b'], {ids: ['a', 'b']}],
	[['--window', '5m', 'a'], {given: ['window'], values: {window: '5m'}, ids: ['a']}],
	[['a', '--window=5m'], {given: ['window'], values: {window: '5m'}, ids: ['a']}],
	[['-w', '5m', 'a'], {given: ['window'], values: {window: '5m'}, ids: ['a']}],
	[['-w5m', 'a'], {given: ['window'], values: {window: '5m'}, ids: ['a']}],
	[['-w=5m', 'a'], {given: ['window'], values: {window: '5m'}, ids: ['a']}],
	[['-i10', 'a'], {given: ['interval'], values: {interval: '10'}, ids: ['a']}],
	[['--interval', ' 10 ', 'a'], {given: ['interval'], values: {interval: '10'}, ids: ['a']}],
	[['--api-url', 'https://a.b/?c=d'], {given: ['api-url'], values: {'api-url': 'https://a.b/?c=d'}}],
	[['--profile=a=b'], {given: ['profile'], values: {profile: 'a=b'}}],
	[['--profile', 'true'], {given: ['profile'], values: {profile: 'true'}}],
	[['--profile', 'ada@example.com'], {given: ['profile'], values: {profile: 'ada@example.com'}}],
	[['--remote=-x'], {given: ['remote'], values: {remote: '-x'}}],
	[['--utc', 'a', '--no-color', '--ascii'], {given: ['utc', 'no-color', 'ascii'], ids: ['a']}],
	[['--utc', '--utc'], {given: ['utc']}],
	[['--demo'], {given: ['demo']}],
	[['--demo='], {given: ['demo']}],
	[['--demo', 'straggler'], {given: ['demo'], values: {demo: 'straggler'}}],
	[['--demo=straggler'], {given: ['demo'], values: {demo: 'straggler'}}],
	[['--demo', '-w', '5m'], {given: ['demo', 'window'], values: {window: '5m'}}],
	[['--', 'a'], {ids: ['a']}],
	[['--', '--utc', '-w'], {ids: ['--utc', '-w']}],
	[['--demo', '--', 'a'], {given: ['demo'], ids: ['a']}],
	[['-h'], {given: ['help']}],
	[['-v'], {given: ['version']}],
	[['a', '--bogus', '--help'], {given: ['help'], ids: ['a']}],
	[['--window', '--help'], {given: ['window', 'help']}],
	[['-w', '1h', '-w', '1h', '--version'], {given: ['window', 'version'], values: {window: '1h'}}],
];

for (const [argv, {given = [], values = {}, ids = []}] of accepted) {
	test(`parseArguments splits ${JSON.stringify(argv)}`, () => {
		const found = parseArguments(argv);
		assert.deepEqual([...found.flags], given);
		assert.deepEqual(Object.fromEntries(found.values), values);
		assert.deepEqual(found.deploymentIds, ids);
	});
}

const refused: ReadonlyArray<readonly [argv: readonly string[], sentence: string]> = [
	[['--bogus'], 'Unknown option --bogus.'],
	[['a', '--bogus=1'], 'Unknown option --bogus.'],
	[['--api-key=very-secret'], 'Unknown option --api-key.'],
	[['--apiUrl=x'], 'Unknown option --apiUrl. Did you mean --api-url?'],
	[['--api_url=x'], 'Unknown option --api_url. Did you mean --api-url?'],
	[['--color'], 'Unknown option --color.'],
	[['--no-utc'], 'Unknown option --no-utc.'],
	[['--no-no-color'], 'Unknown option --no-no-color.'],
	[['--window.x=1'], 'Unknown option --window.x. Did you mean --window?'],
	[['--__proto__=1'], 'Unknown option --__proto__.'],
	[['--=x'], 'Unknown option --.'],
	[['---utc'], 'Unknown option ---utc. Did you mean --utc?'],
	[['-x'], 'Unknown option -x.'],
	[['-xh'], 'Unknown option -x.'],
	[['-kvery-secret'], 'Unknown option -k.'],
	[['-5'], 'Unknown option -5.'],
	[['--interval', '-5'], 'Unknown option -5.'],
	[['--\u{1B}[31mred'], 'Unknown option --.'],
	[[`--${'x'.repeat(100)}`], `Unknown option --${'x'.repeat(37)}….`],
	[['--window'], '--window requires a value.'],
	[['--window='], '--window requires a value.'],
	[['--window', ''], '--window requires a value.'],
	[['--window', ' '], '--window requires a value.'],
	[['--window', '--utc'], '--window requires a value.'],
	[['--window', '--', '5m'], '--window requires a value.'],
	[['-w'], '--window requires a value.'],
	[['a', '--profile'], '--profile requires a value.'],
	[['-w', '1h', '--window=1h'], '--window is given more than once.'],
	[['-w', '1h', '--window'], '--window is given more than once.'],
	[['--window', '--window', '1h'], '--window is given more than once.'],
	[['--demo', '--demo'], '--demo is given more than once.'],
	[['--utc=false'], "--utc doesn't take a value."],
	[['--no-color=1'], "--no-color doesn't take a value."],
	[['-w1h', '--utc=', '--bogus'], "--utc doesn't take a value."],
];

for (const [argv, sentence] of refused) {
	test(`parseArguments rejects ${JSON.stringify(argv).slice(0, 60)} and says why`, () => {
		const {message, exitCode} = thrownBy(() => parseArguments(argv));
		assert.equal(message, `${sentence} See loops-top --help.`);
		assert.equal(exitCode, 2);
	});
}

test('parseArguments neither throws unexpected errors nor ends the process, for any input', () => {
	const word = fc.oneof(
		fc.constantFrom('--', '-', '', 'true', 'false', '--no-', '-hv', '--help=1', '--version', 'constructor'),
		fc.constantFrom(
			...flags.flatMap(({long, short = long}) => [`--${long}`, `--no-${long}`, `--${long}=x`, `-${short}`]),
		),
		fc.string({maxLength: 8}),
		fc.string({maxLength: 8}).map(text => `--${text}`),
		fc.string({unit: anyCharacter, maxLength: 4}).map(text => `-${text}`),
	);
	fc.assert(
		fc.property(fc.array(word, {maxLength: 6}), argv => {
			try {
				parseArguments(argv);
			} catch (error) {
				assert.ok(error instanceof UserError, String(error));
				assert.equal(error.exitCode, 2);
			}
		}),
		{numRuns: 2000},
	);
});
