import assert from 'node:assert/strict';
import {test} from 'node:test';
import {rules} from '../../source/metrics/findings.ts';
import {gaugesOf} from '../../source/output/gauges.ts';
import {jsonSnapshot} from '../../source/output/json.ts';
import {failOnError} from '../../source/output/lines.ts';
import {announce, nothingSpoken} from '../../source/output/plain/plain-lines.ts';
import {textSnapshot} from '../../source/output/text.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {fixedThresholds} from '../helpers/fixed-thresholds.ts';
import {screenText} from '../helpers/screen-text.ts';
import {type DeploymentModel, minute, pollAt, startState} from '../helpers/simulated-deployment.ts';

const until = (minutes: number): number | null => (minutes <= 0 ? 0.9 : null);

/** A deployment whose samples end at noon while the server continues to respond. */
const silent: DeploymentModel = {
	nodes: {a: {gpus: {0: until, 1: until}, ram: until, disk: minutes => (minutes <= 0 ? 0.3 : null)}},
	rate: until,
	inProgress: until,
	gpusPerNode: 2,
};

function stateAt(minutes: number, staleMs: number): State {
	const begun = pollAt(silent, 0, undefined).reduce(reduce, startState({...fixedThresholds, staleMs}));
	return pollAt(silent, minutes, 0).reduce(reduce, begun);
}

/** Returns whether the samples are current, according to each output. */
function freshnessOf(state: State): Readonly<Record<string, boolean>> {
	const screen = screenText(state, {columns: 160, rows: 45}).join('\n');
	const [gpu] = jsonSnapshot(state).nodes[0]?.gpus ?? [];
	const gauges = gaugesOf(state, state.live.nowMs);
	const plain = announce(nothingSpoken, state, 'utc').lines.join('\n');
	return {
		'the header': !/no data \d/.test(screen),
		'the titles of panes': !screen.includes('last sample '),
		'the reporting nodes': state.views.trainer.snapshot.nodes[0]?.presence === 'reporting',
		'the JSON value': gpu?.metrics.utilization.value === 0.9,
		'the rule stale': state.findings.current.length === 0,
		'--fail-on': failOnError(state.findings.current, rules) === undefined,
		'the text': textSnapshot(state, 'utc').includes('90%'),
		Prometheus: gauges.some(({name}) => name === 'loops_gpu_utilization_ratio'),
		'the findings in Prometheus': !gauges.some(({name}) => name === 'loops_top_finding'),
		'the first sentences of --plain': !plain.includes(
			'That is past the stale limit, so the current values are unknown.',
		),
		'the values of --plain': plain.includes('GPUs busy: 2 of 2'),
	};
}

for (const limit of [1, 3, 10, 45]) {
	test(`--threshold stale=${limit}m applies to every output`, () => {
		const young = freshnessOf(stateAt(limit - 0.5, limit * minute));
		assert.deepEqual(
			Object.entries(young).filter(([, isCurrent]) => !isCurrent),
			[],
		);
		const old = freshnessOf(stateAt(limit + 0.5, limit * minute));
		assert.deepEqual(
			Object.entries(old).filter(([, isCurrent]) => isCurrent),
			[],
		);
	});
}
