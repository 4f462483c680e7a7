import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Action} from '../../source/state/actions.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';
import {screenText} from '../helpers/screen-text.ts';

const sizes = [
	{columns: 160, rows: 45},
	{columns: 100, rows: 30},
	{columns: 80, rows: 24},
	{columns: 40, rows: 45},
] as const;

function after(...actions: readonly Action[]): State {
	return actions.reduce(reduce, sampleState({nodes: 3, gpus: 8}));
}

const replayed: State = {
	...after(),
	replay: {speed: 10, isPaused: false, ended: undefined, seekTarget: undefined, recordedWindow: '1h'},
};

const states: ReadonlyArray<readonly [name: string, state: State]> = [
	['live', after()],
	['paused', after({type: 'togglePause'})],
	['in the past', after({type: 'moveInTime', by: -1, far: true})],
	['at the cursor', after({type: 'toggleCursor'})],
	['replayed', replayed],
];

for (const [name, state] of states) {
	test(`if times are in UTC, "UTC" is in the header; if they are local, it isn't on the screen: ${name}`, () => {
		for (const size of sizes) {
			const header = screenText(state, size, 'utc').slice(0, 3).join('\n');
			assert.match(header, /\d\d:\d\d(?::\d\d)? UTC/, `${size.columns}:\n${header}`);
			assert.doesNotMatch(screenText(state, size, 'local').join('\n'), /UTC/);
		}

		assert.ok(state.live.nowMs >= sampleNow);
	});
}
