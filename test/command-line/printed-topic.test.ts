import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readConfiguration} from '../../source/command-line/options.ts';
import {fakeSources, thrownBy} from '../helpers/fake-input.ts';

function read(...argv: readonly string[]) {
	return readConfiguration({...fakeSources({}, {environment: {BASETEN_API_KEY: 'k'}}), argv, version: '1.2.3'});
}

for (const topic of ['bash', 'zsh', 'fish', 'profiles', 'remotes'] as const) {
	test(`completion ${topic} asks for what a shell completes by`, () => {
		assert.deepEqual(read('completion', topic), {kind: 'completion', topic});
	});
}

test('completion alone, or as a value, is a name like any other', () => {
	for (const argv of [['completion'], ['--run', 'completion']]) {
		const outcome = read(...argv);
		assert.ok(outcome.kind === 'run' && outcome.configuration.source.kind === 'deployment');
		const {target} = outcome.configuration.source;
		assert.equal(target.kind === 'unchosen' ? undefined : target.id, 'completion');
	}
});

test('completion for a shell that there is no script for has a sentence', () => {
	const {message, exitCode} = thrownBy(() => read('completion', 'tcsh'));
	assert.equal(message, 'completion "tcsh" isn\'t one of bash, zsh, fish, profiles, remotes. See loops-top --help.');
	assert.equal(exitCode, 2);
});

for (const argv of [
	['bash', 'completion'],
	['bash', 'zsh', 'completion'],
]) {
	test(`${argv.join(' ')} are several deployments`, () => {
		assert.match(thrownBy(() => read(...argv)).message, /^\d deployment ids are given/);
	});
}

test('completion for two shells is refused with what to do', () => {
	const {message, exitCode} = thrownBy(() => read('completion', 'bash', 'zsh'));
	assert.equal(message, 'completion takes one shell: print one script at a time. See loops-top --help.');
	assert.equal(exitCode, 2);
});
