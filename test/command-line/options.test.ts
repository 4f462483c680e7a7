import assert from 'node:assert/strict';
import {test} from 'node:test';
import {helpText} from '../../source/command-line/help.ts';
import {type Configuration, type ConfigurationInput, readConfiguration} from '../../source/command-line/options.ts';
import type {DeploymentSource} from '../../source/command-line/source-options.ts';
import {scenarios} from '../../source/demo/scenarios.ts';
import {defaultThresholds} from '../../source/metrics/thresholds.ts';
import {atHand, auth, authPath, fakeSources, fileError, oauth, thrownBy} from '../helpers/fake-input.ts';

const firstScenario = scenarios[0].name;
const key = {BASETEN_API_KEY: 'key-of-environment'};

function input(argv: readonly string[], others: Partial<ConfigurationInput> = {}): ConfigurationInput {
	return {...fakeSources({}, {environment: key}), argv, version: '1.2.3', ...others};
}

function configure(argv: readonly string[], others?: Partial<ConfigurationInput>): Configuration {
	const outcome = readConfiguration(input(argv, others));
	assert.equal(outcome.kind, 'run');
	return outcome.kind === 'run' ? outcome.configuration : assert.fail();
}

function deploymentOf({source: target}: Configuration): DeploymentSource {
	return target.kind === 'deployment' ? target : assert.fail("The source isn't a deployment.");
}

for (const argv of [['--help'], ['-h'], ['a', 'b', '--bogus', '-h'], ['--version', '--help']]) {
	test(`readConfiguration responds to ${argv.join(' ')} with the help`, () => {
		assert.deepEqual(readConfiguration(input(argv, {environment: {}})), {kind: 'help', text: helpText()});
	});
}

for (const argv of [['--version'], ['-v'], ['--window', '-v']]) {
	test(`readConfiguration responds to ${argv.join(' ')} with the version`, () => {
		assert.deepEqual(readConfiguration(input(argv, {environment: {}})), {
			kind: 'version',
			text: 'loops-top 1.2.3\n',
		});
	});
}

test('readConfiguration has a default for everything except the ID', () => {
	const {source: target, ...others} = configure(['k4q95w5']);
	assert.deepEqual(others, {
		window: {name: '1h', lengthMs: 3_600_000, stepMs: 30_000},
		intervalMs: 10_000,
		color: 'auto',
		symbols: 'braille',
		theme: 'auto',
		utc: false,
		scope: 'own',
		all: false,
		mouse: false,
		plain: false,
		bell: false,
		comparison: 'off',
		price: undefined,
		thresholds: defaultThresholds,
		output: {kind: 'by-terminal', listen: undefined, failOn: []},
		times: {at: undefined, range: undefined},
		record: undefined,
		debug: undefined,
		onFinding: undefined,
	});
	assert.equal(target.kind, 'deployment');
});

test('readConfiguration reads many flags at once', () => {
	const configuration = configure([
		...['-w', '3d', '-i', '1m30s', '--utc', '--ascii', '--no-color', '--mouse', '--bell', '--theme', 'light'],
		...['--threshold', 'idle-gpus=1, gpu-memory=2%,disk=3.5,ram=4 %,5xx=0,4xx=100,stale=1h,straggler=50'],
		...['--api-url', 'http://127.0.0.1:8080/v', ' k4q95w5 '],
	]);
	const {target, apiUrl, credential} = deploymentOf(configuration);
	assert.equal(configuration.window.name, '3d');
	assert.equal(configuration.intervalMs, 90_000);
	assert.equal(configuration.utc, true);
	assert.equal(configuration.symbols, 'ascii');
	assert.equal(configuration.color, 'none');
	assert.equal(configuration.theme, 'light');
	assert.equal(configuration.mouse, true);
	assert.equal(configuration.bell, true);
	assert.deepEqual(configuration.thresholds, {
		...defaultThresholds,
		idleGpus: 0.01,
		straggler: 0.5,
		gpuMemory: 0.02,
		disk: 0.035,
		ram: 0.04,
		status5xx: 0,
		status4xx: 1,
		staleMs: 3_600_000,
	});
	assert.deepEqual(target, {kind: 'deployment', id: 'k4q95w5'});
	assert.equal(apiUrl.href, 'http://127.0.0.1:8080/v');
	assert.equal(atHand(credential).secret.reveal(), 'key-of-environment');
});

const override = {...key, BASETEN_MANAGEMENT_API_URL_OVERRIDE: 'https://override.example.com'};
const remote = {...key, BASETEN_REMOTE_URL: 'https://app.staging.baseten.co'};

for (const [what, argv, environment, href] of [
	[
		'--api-url rather than any other source',
		['--api-url', 'https://flag.example.com'],
		{...override, ...remote},
		'https://flag.example.com/',
	],
	["the override, not the key's remote", [], {...override, ...remote}, 'https://override.example.com/'],
	['the API of the remote that the key is for', [], remote, 'https://api.staging.baseten.co/'],
	['api.baseten.co by default', [], key, 'https://api.baseten.co/'],
	[
		'the default if the override is blank',
		[],
		{...key, BASETEN_MANAGEMENT_API_URL_OVERRIDE: ' '},
		'https://api.baseten.co/',
	],
] as const) {
	test(`readConfiguration uses ${what}`, () => {
		assert.equal(deploymentOf(configure(['a', ...argv], {environment})).apiUrl.href, href);
	});
}

test('readConfiguration passes on the names of the profile and the remote', () => {
	const files = {
		[authPath]: '{"profiles":{"work":{"api_key":"key-of-work"}}}',
		'/home/ada/.trussrc': '[a]\napi_key = key-of-a\n[b]\napi_key = key-of-b\n',
	};
	const {readFile} = fakeSources(files);
	const keyOf = (argv: readonly string[]): string =>
		atHand(deploymentOf(configure(argv, {readFile})).credential).secret.reveal();
	assert.equal(keyOf(['id', '--profile', 'work']), 'key-of-work');
	assert.equal(keyOf(['id', '--remote', 'b']), 'key-of-b');
});

for (const [what, argv] of [
	['--demo', ['--demo']],
	['--demo without a name', ['--demo=']],
	['--demo before another flag', ['--demo', '--utc']],
] as const) {
	test(`readConfiguration uses the first scenario for ${what}, and requires no key`, () => {
		const {source: target} = configure(argv, {environment: {}});
		assert.deepEqual(target, {kind: 'demo', scenario: firstScenario});
	});
}

test('without an ID, readConfiguration leaves the deployment unchosen; it also accepts a run and --org', () => {
	assert.deepEqual(deploymentOf(configure([])).target, {kind: 'unchosen'});
	assert.deepEqual(deploymentOf(configure(['--run', ' r1 '])).target, {kind: 'run', id: 'r1'});
	assert.equal(configure([]).scope, 'own');
	assert.equal(configure(['--org']).scope, 'org');
});

for (const {name} of scenarios) {
	test(`readConfiguration accepts the scenario ${name}`, () => {
		for (const argv of [['--demo', name], [`--demo=${name}`]]) {
			assert.deepEqual(configure(argv, {environment: {}}).source, {kind: 'demo', scenario: name});
		}
	});
}

const scenarioNames = scenarios.map(({name}) => name).join(', ');

const mistakes: ReadonlyArray<readonly [argv: readonly string[], sentence: string]> = [
	[[''], 'The deployment ID is empty. Use one such as k4q95w5.'],
	[['a', 'b'], '2 deployment IDs are given. Use one.'],
	[['a', '--', 'b', 'c'], '3 deployment IDs are given. Use one.'],
	[['a', '--demo'], "--demo can't be combined with a deployment ID or --run."],
	[['--demo', firstScenario, 'a'], "--demo can't be combined with a deployment ID or --run."],
	[['--demo', 'k4q95w5'], `--demo "k4q95w5" isn't one of ${scenarioNames}.`],
	[['--demo', '\u{1B}[31mred'], `--demo "red" isn't one of ${scenarioNames}.`],
	[['a', '--window', '2h'], '--window "2h" isn\'t one of 5m, 15m, 30m, 1h, 3h, 6h, 12h, 24h, 3d, 7d.'],
	[
		['a', '-w', 'x'.repeat(99)],
		`--window "${'x'.repeat(59)}…" isn't one of 5m, 15m, 30m, 1h, 3h, 6h, 12h, 24h, 3d, 7d.`,
	],
	[['a', '--interval', '1s'], '--interval 1s is out of range. Use 2s to 1h.'],
	[['--demo', '-i', 'x'], '--interval "x" isn\'t a duration. Use one such as 10, 10s, 1m, or 1m30s.'],
	[
		['a', '-i', 'x', '-w', 'x'],
		'--window "x" isn\'t one of 5m, 15m, 30m, 1h, 3h, 6h, 12h, 24h, 3d, 7d.\n--interval "x" isn\'t a duration. Use one such as 10, 10s, 1m, or 1m30s.',
	],
	[['a', '--bogus'], 'Unknown option --bogus.'],
	[['a', '--api-url', 'api.baseten.co'], "--api-url isn't a URL. Use one such as https://api.baseten.co."],
	[['--run', 'r1', '--demo'], "--demo can't be combined with a deployment ID or --run."],
	[['a', '--run', 'r1'], "A deployment ID and --run can't be combined."],
	[['--run', 'a/b'], 'The run ID contains a slash. Use only the ID, such as k4q95w5.'],
	[['--run', 'key-of-environment'], 'The run ID is your API key. Use the ID of a run, such as k4q95w5.'],
	[['key-of-environment'], 'The deployment ID is your API key. Use the ID of a deployment, such as k4q95w5.'],
];

for (const [argv, sentence] of mistakes) {
	test(`readConfiguration rejects ${JSON.stringify(argv).slice(0, 60)} and says why`, () => {
		const {message, exitCode} = thrownBy(() => readConfiguration(input(argv)));
		assert.equal(message, `${sentence} See loops-top --help.`);
		assert.equal(exitCode, 2);
	});
}

test('readConfiguration rejects an invalid override and says why', () => {
	const environment = {...key, BASETEN_MANAGEMENT_API_URL_OVERRIDE: 'http://api.baseten.co'};
	const {message, exitCode} = thrownBy(() => readConfiguration(input(['a'], {environment})));
	assert.match(message, /^BASETEN_MANAGEMENT_API_URL_OVERRIDE would send the key unencrypted/);
	assert.equal(exitCode, 2);
});

test('readConfiguration reports errors in the command line before errors with the key', () => {
	const environment = {};
	for (const argv of [['a', 'b'], ['a', '-w', 'x'], ['a', '-i', 'x'], ['a', '--api-url', 'x'], ['a/b'], ['a', '--x']]) {
		assert.equal(thrownBy(() => readConfiguration(input(argv, {environment}))).exitCode, 2);
	}

	assert.equal(thrownBy(() => readConfiguration(input(['a'], {environment}))).exitCode, 3);
});

test('readCredential finds a renewed key', () => {
	let token = 'first';
	const readFile = (path: string) => fakeSources({[authPath]: auth({a: oauth(token)}, 'a')}).readFile(path);
	const target = deploymentOf(configure(['id'], {environment: {}, readFile}));
	const first = atHand(target.credential);
	assert.equal(first.secret.reveal(), 'first');
	token = 'second';
	assert.equal(atHand(target.readCredential()).secret.reveal(), 'second');
	assert.equal(first.secret.reveal(), 'first');
});

const before =
	'{"current":"a","profiles":{"a":{"api_key":"k","remote_url":"https://app.baseten.co"},"b":{"api_key":"l"}}}';

for (const [what, after] of [
	['the file is gone', fileError('ENOENT')],
	['the file can no longer be read', fileError('EACCES')],
	['the file is incomplete', before.slice(0, 30)],
	['another profile is current', before.replace('"current":"a"', '"current":"b"')],
	['the key is for another host', before.replace('app.baseten.co', 'app.example.com')],
] as const) {
	test(`readCredential finds nothing if ${what}`, () => {
		let content: string | Error = before;
		const readFile = (path: string) => fakeSources({[authPath]: content}).readFile(path);
		const target = deploymentOf(configure(['id'], {environment: {}, readFile}));
		content = after;
		assert.equal(target.readCredential(), undefined);
	});
}

test('readCredential rethrows unexpected errors', () => {
	let content: string | Error = before;
	const readFile = (path: string) => fakeSources({[authPath]: content}).readFile(path);
	const target = deploymentOf(configure(['id'], {environment: {}, readFile}));
	content = new TypeError('a bug');
	assert.throws(() => target.readCredential(), content);
});

test('readConfiguration accepts a file to record to, and --record requires one', () => {
	assert.equal(configure(['k4q95w5', '--record', 'night.jsonl.gz']).record, 'night.jsonl.gz');
	assert.match(thrownBy(() => configure(['k4q95w5', '--record'])).message, /--record requires a value/);
});
