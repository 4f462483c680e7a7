import assert from 'node:assert/strict';
import {test} from 'node:test';
import {gaugesOf} from '../../source/output/gauges.ts';
import {expose, expositionType} from '../../source/output/metrics-reply.ts';
import type {State} from '../../source/state/state.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';

test('the output for a gauge contains its help text, its type, and its samples, with escaped labels', async () => {
	const text = await expose([
		{
			name: 'loops_a_bytes',
			help: 'What it is.',
			samples: [
				{labels: {deployment: 'd', node: 'a "b" \\ c'}, value: 1024 ** 4},
				{labels: {deployment: 'd', node: 'zwölf'}, value: 0.000_000_125},
			],
		},
		{name: 'loops_b_ratio', help: 'Another.', samples: [{labels: {deployment: 'd'}, value: 0}]},
	]);
	assert.equal(
		text,
		`# HELP loops_a_bytes What it is.
# TYPE loops_a_bytes gauge
loops_a_bytes{deployment="d",node="a \\"b\\" \\\\ c"} 1099511627776
loops_a_bytes{deployment="d",node="zwölf"} 1.25e-7

# HELP loops_b_ratio Another.
# TYPE loops_b_ratio gauge
loops_b_ratio{deployment="d"} 0
`,
	);
	assert.equal(expositionType, 'text/plain; version=0.0.4; charset=utf-8');
});

for (const [what, sample, names] of [
	['a trainer', sampleState({nodes: 4, gpus: 8}), 22],
	['a trainer and its sampler', sampleState({nodes: 4, gpus: 8, sampler: 'answered'}), 33],
] as const) {
	test(`everything that is served for ${what} follows the format and the naming rules of Prometheus`, async () => {
		await checkNames(sample, names);
	});
}

async function checkNames(state: State, atLeast: number): Promise<void> {
	const gauges = gaugesOf(state, sampleNow);
	const text = await expose(gauges);
	const label = '[a-z_]+="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
	const sample = new RegExp(`^(loops_[a-z_]+)\\{${label}(?:,${label})*\\} [-+.\\de]+$`);
	const seen = new Set<string>();
	let current = '';
	for (const line of text.trimEnd().split('\n')) {
		const [, kind, name = ''] = /^# (HELP|TYPE) (\S+) \S/.exec(line) ?? [];
		if (kind === 'HELP') {
			assert.ok(!seen.has(name), `${name} is exported more than once`);
			seen.add(name);
			current = name;
		} else if (kind === 'TYPE') {
			assert.equal(line, `# TYPE ${current} gauge`);
		} else if (line !== '') {
			assert.equal(sample.exec(line)?.[1], current, line);
		}
	}

	assert.ok(seen.size >= atLeast, `${seen.size} names`);
	assert.deepEqual(
		[...seen],
		gauges.map(({name}) => name),
	);
	for (const name of seen) {
		assert.doesNotMatch(name, /milli|percent|_total$|[A-Z]/);
	}

	assert.equal(text.match(/^loops_gpu_utilization_ratio\{/gm)?.length, 32);
}
