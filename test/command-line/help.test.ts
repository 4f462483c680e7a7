import assert from 'node:assert/strict';
import {test} from 'node:test';
import {flags} from '../../source/command-line/flags.ts';
import {helpText} from '../../source/command-line/help.ts';
import {settings} from '../../source/command-line/settings/settings.ts';
import {thresholdSettings} from '../../source/command-line/settings/threshold-settings.ts';
import {scenarios} from '../../source/demo/scenarios.ts';
import {exitCodes} from '../../source/errors/user-error.ts';
import {windows} from '../../source/metrics/windows.ts';

const lines = helpText().split('\n');
const words = helpText().replace(/\s+/g, ' ');

test('the help stays within 80 columns, without trailing space, and ends in one line break', () => {
	for (const line of lines) {
		assert.ok(line.length <= 80, line);
		assert.equal(line, line.trimEnd());
	}

	assert.match(helpText(), /[^\n]\n$/);
});

for (const flag of flags) {
	test(`the help has --${flag.long} with its value, its meaning and its default`, () => {
		const value = flag.placeholder ?? '';
		const spelled = {nothing: '', value: ` ${value}`, 'optional value': ` [${value}]`}[flag.takes];
		const short = flag.short === undefined ? '' : `-${flag.short}, `;
		const preset = flag.default === undefined ? '' : ` (default ${flag.default})`;
		assert.ok(words.includes(` ${short}--${flag.long}${spelled} ${flag.help}${preset}`), words);
	});
}

test('the help aligns what the flags mean', () => {
	const starts = lines
		.slice(lines.indexOf('Options:') + 1, lines.indexOf('Demo scenarios:') - 1)
		.map(line => /^( {2}(?:-\w, | {4})--\S+(?: \S+)? +| +)\S/.exec(line)?.[1]?.length);
	assert.ok(starts.length >= flags.length);
	assert.equal(new Set(starts).size, 1);
});

test('the help names every window, scenario and exit code', () => {
	for (const {name} of windows) {
		assert.match(words, new RegExp(`\\b${name}\\b`));
	}

	for (const {name, about} of scenarios) {
		assert.ok(words.includes(` ${name} ${about}`), name);
	}

	for (const code of Object.values(exitCodes)) {
		assert.ok(
			lines.some(line => line.startsWith(`  ${code} `)),
			String(code),
		);
	}
});

test('the help names every variable and threshold', () => {
	const all = [...Object.values(settings), ...Object.values(thresholdSettings)];
	for (const {variable} of all) {
		assert.match(words, new RegExp(`LOOPS_TOP_… .*\\b${variable.replace('LOOPS_TOP_', '')}\\b`));
	}

	for (const {name} of Object.values(thresholdSettings)) {
		assert.match(words, new RegExp(`--threshold LIST .*\\b${name}\\b.* --config`));
	}
});

test('the help says how a proxy is named', () => {
	assert.match(
		words,
		/through a proxy, .* HTTPS_PROXY such as .* or else HTTP_PROXY NO_PROXY names and networks to reach without it.* NODE_EXTRA_CA_CERTS PEM file/,
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
