import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {defaultThresholds} from '../../source/metrics/thresholds.ts';
import {root} from '../helpers/documents.ts';
import {statedDefaults} from '../helpers/stated-defaults.ts';

for (const [key, {name, value}] of Object.entries(statedDefaults)) {
	test(`the default of --threshold ${name} is ${value}`, () => {
		assert.equal(new Map<string, unknown>(Object.entries(defaultThresholds)).get(key), value);
	});
}

test('the docstrings of the rules name their limits, rather than repeating the values', () => {
	const folder = path.join(root, 'source', 'metrics', 'rules');
	const files = readdirSync(folder);
	assert.ok(files.length >= 9, `${files.length} files`);
	for (const file of files) {
		for (const [index, line] of readFileSync(path.join(folder, file), 'utf8').split('\n').entries()) {
			const stated = /^\s*(?:\/?\*|\/\/).*\b(\d[\d.]*(?:%| ?(?:s|min|h|minutes|hours|samples|points|requests)\b))/.exec(
				line,
			);
			assert.equal(stated?.[1], undefined, `source/metrics/rules/${file}:${index + 1} states a value: ${line.trim()}`);
		}
	}
});
