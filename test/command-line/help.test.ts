import assert from 'node:assert/strict';
import {test} from 'node:test';
import {flagGroups, flags} from '../../source/command-line/flags.ts';
import {helpText} from '../../source/command-line/help.ts';
import {flagDetails, topics} from '../../source/command-line/manual-text.ts';
import {thresholdSettings} from '../../source/command-line/settings/resolve.ts';
import {settings} from '../../source/command-line/settings/settings.ts';
import {scenarios} from '../../source/demo/scenarios.ts';
import {exitCodes} from '../../source/errors/user-error.ts';
import {windows} from '../../source/metrics/windows.ts';
import {readDocuments} from '../helpers/documents.ts';

const lines = helpText().split('\n');
const words = helpText().replace(/\s+/g, ' ');

test('the help is ASCII, fits in 80 columns, has no trailing spaces, and ends with one line break', () => {
	for (const line of lines) {
		assert.ok(line.length <= 80, line);
		assert.equal(line, line.trimEnd());
	}

	// The help is also printed on terminals that can show only ASCII.
	assert.match(helpText(), /^[\n -~]*[^\n]\n$/);
});

for (const flag of flags) {
	test(`the help lists --${flag.long} with its value, its meaning, and its default`, () => {
		const value = flag.placeholder ?? '';
		const spelled = {nothing: '', value: ` ${value}`, 'optional value': ` [${value}]`}[flag.takes];
		const short = flag.short === undefined ? '' : `-${flag.short}, `;
		const preset = flag.default === undefined ? '' : ` (default ${flag.default})`;
		assert.ok(words.includes(` ${short}--${flag.long}${spelled} ${flag.help}${preset}`), words);
	});
}

test('the help aligns the meanings of the flags', () => {
	const starts = lines
		.slice(lines.indexOf('Deployment:'), lines.indexOf('Examples:'))
		.filter(line => line.startsWith(' '))
		.map(line => /^( {2}(?:-\w, | {4})--\S+(?: \S+)? +| +)\S/.exec(line)?.[1]?.length);
	assert.ok(starts.length >= flags.length);
	assert.equal(new Set(starts).size, 1);
});

test('the help fits on two screens of 40 rows, with a heading for each group', () => {
	assert.ok(lines.length <= 80, `the help has ${lines.length} lines`);
	assert.deepEqual(
		lines.filter(line => (flagGroups as readonly string[]).includes(line.replace(/:$/, ''))),
		flagGroups.map(group => `${group}:`),
	);
});

test('the help of a flag is a clause of at most 60 characters, and its details are sentences', () => {
	for (const {long, help} of flags) {
		assert.ok(help.length <= 60, `the help of --${long} has ${help.length} characters`);
		assert.match(help, /^[a-z].*[^.]$/, long);
		assert.match(flagDetails[long] ?? 'A.', /^[A-Z].*\.$/, long);
	}
});

test('the help names every window, scenario, and exit code', () => {
	for (const {name} of windows) {
		assert.match(words, new RegExp(`\\b${name}\\b`));
	}

	const named = /Demo scenarios: (.*?) API key:/.exec(words)?.[1];
	assert.equal(named, scenarios.map(({name}) => name).join(' '));
	const codes = /Exit codes: (.*) Details:/.exec(words)?.[1]?.split(', ') ?? [];
	assert.deepEqual(
		codes.map(code => Number.parseInt(code, 10)),
		Object.values(exitCodes),
	);
});

test('the help names every variable, and the details of --threshold name every threshold', () => {
	const all = [...Object.values(settings), ...Object.values(thresholdSettings)];
	for (const {variable} of all) {
		assert.match(words, new RegExp(`LOOPS_TOP_\\* .*\\b${variable.replace('LOOPS_TOP_', '')}\\b`));
	}

	for (const {name} of Object.values(thresholdSettings)) {
		assert.match(flagDetails.threshold ?? '', new RegExp(`\\b${name}\\b`));
	}
});

test('the help, the manual, and the README say how to configure a proxy, including one that inspects TLS', () => {
	assert.match(words, / Proxy: HTTPS_PROXY or HTTP_PROXY; exempt: NO_PROXY; CA: NODE_EXTRA_CA_CERTS /);
	const rows = topics.flatMap(topic => topic.rows);
	assert.match(rows.find(([name]) => name === 'NODE_EXTRA_CA_CERTS')?.[1] ?? '', /CA certificate .* inspects TLS/);
	assert.match(
		readDocuments()[0]?.text ?? '',
		/proxy\*\*, set `HTTPS_PROXY`.*`NODE_EXTRA_CA_CERTS` if .* inspects TLS/,
	);
});

test('no two flags have the same name, and only a flag with a value has a placeholder or a default', () => {
	const names = flags.flatMap(({long, short}) => (short === undefined ? [long] : [long, short]));
	assert.equal(new Set(names).size, names.length);
	for (const {takes, placeholder, default: preset} of flags) {
		assert.equal(placeholder === undefined, takes === 'nothing');
		assert.ok(preset === undefined || takes !== 'nothing');
	}
});
