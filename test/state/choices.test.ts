import assert from 'node:assert/strict';
import {test} from 'node:test';
import {typedKeys} from '../../source/api/points.ts';
import type {UserAction} from '../../source/state/actions.ts';
import {type Choices, type CycleName, cycles, firstChoices} from '../../source/state/choices.ts';
import {reduce} from '../../source/state/reducer.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';

for (const choice of typedKeys(cycles)) {
	test(`the choice ${choice} is ${cycles[choice][0]} at startup, and a key cycles through all of its values`, () => {
		let state = sampleState({nodes: 1, gpus: 1});
		for (const value of [...cycles[choice], cycles[choice][0]]) {
			assert.equal(state.choices[choice], value);
			state = reduce(state, {type: 'nextChoice', choice});
		}
	});
}

/** The actions that change each choice that has an action of its own. */
const changes: Readonly<Record<Exclude<keyof Choices, CycleName>, readonly UserAction[]>> = {
	sort: [{type: 'sortNext'}],
	filter: [{type: 'editFilter'}, {type: 'typeText', text: 'gpu<50'}, {type: 'applyFilter'}],
	scale: [{type: 'toggleScale'}],
	comparison: [{type: 'compareNext'}],
};
const chosen = sampleState(
	{nodes: 4, gpus: 8},
	...typedKeys(cycles).map(choice => ({type: 'nextChoice', choice}) as const),
	...Object.values(changes).flat(),
);

test('every choice is kept when the user watches another deployment or seeks in a recording', () => {
	for (const name of typedKeys(firstChoices)) {
		assert.notDeepEqual(chosen.choices[name], firstChoices[name], `${name} wasn't changed`);
	}

	for (const action of [
		{type: 'chooseDeployment', id: 'another'},
		{type: 'seeked', atMs: sampleNow - 1},
	] as const) {
		const state = reduce(chosen, action);
		assert.equal(state.live.links.trainer.kind, 'connecting', `${action.type} doesn't drop the data`);
		assert.deepEqual(state.choices, chosen.choices, action.type);
	}
});
