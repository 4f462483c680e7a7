import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {alerts, prometheusRules} from '../../source/app/documents.ts';
import {rules} from '../../source/metrics/findings.ts';
import {grafanaDashboard} from '../../source/output/grafana-dashboard.ts';
import {root} from '../helpers/documents.ts';
import {needs} from '../helpers/needs.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

function promtool(args: readonly string[], files: Readonly<Record<string, string>>) {
	const folder = temporaryFolder();
	for (const [name, text] of Object.entries(files)) {
		writeFileSync(path.join(folder, name), text);
	}

	const {status, stdout, stderr} = spawnSync('promtool', args, {cwd: folder, encoding: 'utf8'});
	return {status, said: stdout + stderr};
}

test('every rule has an alert, and the names of the alerts are distinct', () => {
	const names = alerts.map(({name}) => name);
	assert.equal(new Set(names).size, rules.length + 2);
	assert.ok(names.includes('LoopsMissingNode') && names.includes('Loops5xx'));
});

test('no alert aggregates values, and every "by" in other queries includes the deployment', () => {
	const grouped = /\b(?:avg|sum|min|max|count)\b[^\n]*?\bby\s*\(([^)]*)\)/g;
	const documented = readFileSync(path.join(root, 'docs', 'prometheus.md'), 'utf8');
	for (const text of [documented, grafanaDashboard()]) {
		const aggregations = [...text.matchAll(grouped)];
		assert.ok(aggregations.length > 0, text);
		for (const [expr, labels = ''] of aggregations) {
			assert.ok(labels.split(/,\s*/).includes('deployment'), expr);
		}
	}

	assert.doesNotMatch(prometheusRules(), /\b(?:avg|sum|min|max|count)\b\s*(?:by|without|\()/);
});

test('promtool accepts the rules in strict mode', {skip: needs('promtool')}, () => {
	const {status, said} = promtool(['check', 'rules', '--lint=all', '--lint-fatal', 'rules.yml'], {
		'rules.yml': prometheusRules(),
	});
	assert.equal(status, 0, said);
});

/** Returns a series that meets the condition of an alert for ten minutes, and then no longer does. */
function seriesOf(name: string, expr: string): {readonly series: string; readonly values: string} {
	const rule = /rule="([^"]+)"/.exec(expr)?.[1];
	if (rule !== undefined) {
		return {series: `loops_top_finding{deployment="k",rule="${rule}",node="n1",gpu="5"}`, values: '1x10 _x20'};
	}

	return {
		// If loops-top isn't running, Prometheus has none of its series.
		series: name === 'LoopsTopDown' ? 'up{job="loops",instance="i"}' : 'loops_top_up{deployment="k"}',
		values: '0x10 1x20',
	};
}

for (const {name, expr} of alerts) {
	test(`${name} fires and resolves`, {skip: needs('promtool')}, () => {
		const {series, values} = seriesOf(name, expr);
		// promtool treats a misspelled alert as one that doesn't fire, so each alert must fire first.
		const fires = (time: string, isFiring: boolean): string =>
			`{eval_time: ${time}, alertname: ${name}, exp_alerts: [${isFiring ? '{}' : ''}]}`;
		const tests = (firing: boolean): string => `
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series: [{series: ${JSON.stringify(series)}, values: '${values}'}]
    alert_rule_test: [${firing ? fires('8m', false) : fires('25m', false)}]
`;
		const files = {'rules.yml': prometheusRules()};
		const firing = promtool(['test', 'rules', 'test.yml'], {...files, 'test.yml': tests(true)});
		assert.equal(firing.status, 1, `${name} doesn't fire at 8 minutes`);
		assert.match(firing.said, new RegExp(`alertname="${name}"`));
		assert.doesNotMatch(firing.said, /<no value>|error/i);
		const resolved = promtool(['test', 'rules', 'test.yml'], {...files, 'test.yml': tests(false)});
		assert.equal(resolved.status, 0, resolved.said);
	});
}

test("the panels of the dashboard fit into 24 columns, don't overlap, and have distinct IDs", () => {
	const {panels} = JSON.parse(grafanaDashboard()) as {
		readonly panels: ReadonlyArray<{
			readonly id: number;
			readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
		}>;
	};
	const cells = new Set<string>();
	for (const {gridPos} of panels) {
		assert.ok(gridPos.x + gridPos.w <= 24);
		for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
			for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
				assert.ok(!cells.has(`${x} ${y}`));
				cells.add(`${x} ${y}`);
			}
		}
	}

	assert.equal(new Set(panels.map(({id}) => id)).size, panels.length);
});
