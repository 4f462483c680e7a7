import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {thresholdSettings} from '../../source/command-line/settings/resolve.ts';
import {idleBand} from '../../source/metrics/rules/gpus.ts';
import {defaultThresholds, idleBelow} from '../../source/metrics/thresholds.ts';

const root = path.join(import.meta.dirname, '..', '..');
const page = readFileSync(path.join(root, 'docs', 'findings.md'), 'utf8');

/** Returns the row of a rule in the table: the columns after its name. */
function rowOf(rule: string): {readonly begins: string; readonly ends: string; readonly threshold: string} {
	const row = page.split('\n').find(line => line.startsWith('| `') && line.split(' | ')[0]?.includes(`\`${rule}\``));
	const [, begins = '', ends = '', threshold = ''] = row?.split(' | ') ?? [];
	return {begins, ends, threshold};
}

/** Formats a share as on the page: `10%`. */
function percent(share: number): string {
	return `${Number((share * 100).toPrecision(12))}%`;
}

/** Formats a time as on the page: `3 min`, `6 h`. */
function duration(timeMs: number): string {
	return timeMs < 3_600_000 ? `${timeMs / 60_000} min` : `${timeMs / 3_600_000} h`;
}

test('docs/findings.md lists the default of every threshold as a value for --threshold', () => {
	for (const {name, preset, example, show} of Object.values(thresholdSettings)) {
		const value = preset === undefined ? example : (show as (value: number) => string)(preset);
		const {begins, threshold} = rowOf(name);
		assert.ok(threshold.includes(`${name}=${value.replace('%', '')}`), `${name}: ${threshold}`);
		assert.equal(/off unless you set a threshold/.test(begins), preset === undefined, name);
	}
});

test('docs/findings.md describes when rules begin and end by their defaults', () => {
	const {idleGpus, straggler, disk, ram, status5xx, status4xx} = defaultThresholds;
	const {stalledMs, idleDeploymentMs, diskGrowthMs, staleMs} = defaultThresholds;
	const expected: ReadonlyArray<readonly [rule: string, begins: string, ends?: string]> = [
		['idle-gpus', `under ${percent(idleGpus)} in`, `at ${percent(idleGpus * idleBand)} or more`],
		['straggler', `at ${percent(idleGpus)} or more, but under ${percent(straggler)} of`],
		['idle-deployment', `under ${percent(idleGpus)} and`, `at ${percent(idleGpus * idleBand)} or more`],
		['idle-deployment', `for ${duration(idleDeploymentMs)}`],
		['disk', percent(disk)],
		['ram', percent(ram)],
		['5xx', `${percent(status5xx)} (\`4xx\`: ${percent(status4xx)})`],
		['stalled', duration(stalledMs)],
		['disk-growth', `within ${duration(diskGrowthMs)}`],
		['stale', `from the last ${duration(staleMs)}`],
	];
	for (const [rule, begins, ends = ''] of expected) {
		const row = rowOf(rule);
		assert.ok(row.begins.includes(begins), `${rule}: ${row.begins}, instead of ${begins}`);
		assert.ok(row.ends.includes(ends), `${rule}: ${row.ends}, instead of ${ends}`);
	}
});

test('the docstring of each rule states its default where it names the setting', () => {
	const folder = path.join(root, 'source', 'metrics', 'rules');
	const text = readdirSync(folder)
		.map(file => readFileSync(path.join(folder, file), 'utf8').replaceAll(/\s+(?:\* )?/g, ' '))
		.join(' ');
	const stated = [...text.matchAll(/(\d+(?:%| min| h))(?: or more)? \(`--threshold ([\w-]+)`/g)];
	assert.ok(stated.length >= 8, `${stated.length} statements`);
	for (const [, value, name] of stated) {
		const {preset = Number.NaN} = Object.values(thresholdSettings).find(setting => setting.name === name) ?? {};
		const actual = preset > 1 ? duration(preset) : percent(preset);
		assert.equal(value, actual, `a docstring in source/metrics/rules states ${value} for ${name}, which is ${actual}`);
	}
});

test('every text that states the utilization at which a GPU is idle or busy states the actual limit', () => {
	const limit = percent(idleBelow);
	const texts: ReadonlyArray<readonly [file: string, ...texts: string[]]> = [
		['docs/numbers.md', `known to be under ${limit} and`, `Idle values (under ${limit}) are dim`],
		['docs/run.md', `GPU time under ${limit} utilization`],
		['docs/terminals.md', `A GPU counts as busy at ${limit} or more`],
		['source/output/gauges.ts', `all GPUs under ${limit} and`],
		['source/output/snapshot-schema.ts', `GPUs under ${limit} utilization`],
		['source/output/snapshot-types.ts', `if a GPU is at ${limit} or more`, `GPUs under ${limit} utilization`],
		['source/metrics/cost.ts', `GPU is at ${limit} or more`, `below ${limit}`, `GPU time under ${limit}`],
		['source/metrics/rules/gpus.ts', `under ${limit} (`, `: ${limit} or more`],
		['source/metrics/rules/utilization.ts', `under ${limit} (`],
		['source/state/overview-row.ts', `idle (under ${limit})`],
	];
	for (const [file, ...wanted] of texts) {
		const text = readFileSync(path.join(root, file), 'utf8').replaceAll(/\s+(?:\* )?/g, ' ');
		for (const one of wanted) {
			assert.ok(text.includes(one), `${file}: ${one}`);
		}
	}
});
