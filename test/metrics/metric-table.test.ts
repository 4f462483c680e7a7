import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
	baseUnits,
	gpuMetrics,
	latencyMetrics,
	type MetricDescription,
	nodeMetrics,
	requestMetrics,
	statusMetrics,
} from '../../source/metrics/metric-table.ts';

const tables: readonly Readonly<Record<string, MetricDescription>>[] = [
	nodeMetrics,
	gpuMetrics,
	{...requestMetrics, ...latencyMetrics, ...statusMetrics},
];
const all = tables.flatMap(table => Object.values(table));

for (const {name, unit, description, prometheus} of all) {
	test(`the names and the description of ${name} follow the conventions of the outputs`, () => {
		assert.match(name, /^[a-z][a-z0-9_]*$/);
		assert.match(prometheus.name, /^loops_[a-z][a-z0-9_]*$/);
		assert.match(description, /^[A-Z].*\.$/);
		const base = baseUnits[unit];
		assert.ok(
			base === undefined || prometheus.name.endsWith(`_${base}`),
			`${prometheus.name} doesn't end with _${base}`,
		);
	});
}

test('no two metrics of a subject have the same name, and no two gauges have the same name and labels', () => {
	for (const table of tables) {
		const names = Object.values(table).map(({name}) => name);
		assert.equal(new Set(names).size, names.length);
	}

	const limits = [nodeMetrics, gpuMetrics].flatMap(table =>
		Object.values(table).flatMap(metric => ('limit' in metric ? [metric.limit.prometheus.name] : [])),
	);
	const gauges = [...limits, ...all.map(({prometheus: {name, labels}}) => `${name} ${JSON.stringify(labels ?? {})}`)];
	assert.equal(new Set(gauges).size, gauges.length);
});

test('each label fits in front of its value', () => {
	for (const {label} of Object.values({...nodeMetrics, ...gpuMetrics})) {
		assert.ok(label.length <= 13, `the label ${label} is too long`);
	}

	for (const {label} of Object.values(requestMetrics)) {
		assert.ok(label.length <= 11, `the label ${label} is too long`);
	}
});

test('metrics that share a gauge have the same help text', () => {
	const helps = new Map<string, string>();
	for (const {description, prometheus} of all) {
		const {name, help = description} = prometheus;
		assert.equal(helps.get(name) ?? help, help);
		helps.set(name, help);
	}
});
