import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createNoise} from '../../source/demo/troubles.ts';
import {announce, nothingSpoken} from '../../source/output/plain/plain-lines.ts';
import {reduce} from '../../source/state/reducer.ts';
import {
	type DeploymentModel,
	every,
	type NodeModel,
	pollAt,
	type Signal,
	startState,
} from '../helpers/simulated-deployment.ts';

const hours = 8;

/**
 * Returns the utilization of a GPU in RL training, as a function of the time in minutes: all GPUs generate for several
 * minutes, and the nodes finish one after another; then the GPUs are idle while rewards are computed, train at almost
 * full load, and wait for the weights to be copied.
 */
function utilizationOf(node: number, rank: number, seed: number): Signal {
	const noise = createNoise(seed);
	const key = node * 8 + rank;
	return at => {
		const cycle = 7.5;
		const step = Math.floor(at / cycle);
		const within = at - step * cycle;
		const generating = 3 + 1.2 * noise(500 + node, step);
		const jitter = 0.04 * noise(key, at * 2);
		if (within < generating) {
			return 0.96 + jitter;
		}

		if (within < 4.5) {
			return 0;
		}

		return within < 7 ? 0.94 + jitter : noise(key + 100, step) < 0.2 ? 0.01 : 0;
	};
}

function nodeOf(node: number, seed: number): NodeModel {
	const gpus = Array.from({length: 8}, (_, rank) => [String(rank), utilizationOf(node, rank, seed)] as const);
	return {gpus: Object.fromEntries(gpus), ram: () => 0.4 + 0.01 * node, disk: () => 0.35};
}

for (const seed of [1, 2]) {
	test(`${hours} hours of RL training produce fewer than 20 sentences, none about a finding (seed ${seed})`, () => {
		const model: DeploymentModel = {
			nodes: Object.fromEntries([0, 1, 2, 3].map(node => [`trainer-${node}`, nodeOf(node, seed)])),
			gpusPerNode: 8,
			rate: at => 6 + 5 * Math.sin(at),
			inProgress: at => 4 + Math.round(3 * Math.sin(at)),
		};
		let state = startState();
		let spoken = nothingSpoken;
		let before: number | undefined;
		const lines: string[] = [];
		for (const minutes of every(1, 0, hours * 60)) {
			state = pollAt(model, minutes, before).reduce(reduce, state);
			before = minutes;
			const announced = announce(spoken, state, 'utc');
			({spoken} = announced);
			lines.push(...announced.lines);
		}

		assert.ok(lines.length < 20, `${lines.length}:\n${lines.join('\n')}`);
		assert.ok(lines.some(line => line.startsWith('No findings')));
		assert.deepEqual(
			lines.filter(line => /Found|Unknown|Over|Worse/.test(line)),
			[],
		);
	});
}
