/** Tests of what screens of all sizes show about a run and its checkpoints. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Checkpoint} from '../../source/api/run.ts';
import type {Action} from '../../source/state/actions.ts';
import {toNs} from '../../source/state/logs.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import type {Size} from '../../source/view/layout.ts';
import {deploymentOf, runOf} from '../helpers/deployments.ts';
import {sampleNow, sampleState} from '../helpers/sample-state.ts';
import {screenText} from '../helpers/screen-text.ts';

const minute = 60_000;
const dayMs = 24 * 60 * minute;
const sizes = [
	{columns: 160, rows: 45},
	{columns: 100, rows: 30},
	{columns: 80, rows: 24},
	{columns: 40, rows: 45},
	{columns: 30, rows: 10},
] as const;
const [wide, , , narrow, tiny] = sizes;

function made(name: string, agoMs: number): Checkpoint {
	const unknown = {syncStatus: undefined, target: undefined, type: undefined};
	return {name, createdAtMs: sampleNow - agoMs, bytes: 33_638_400, ...unknown};
}

/** Returns the state of a spot deployment whose run has these checkpoints and this session, after these actions. */
function withRun(list: readonly Checkpoint[], keys: readonly Action[] = [], sessionId = 's1'): State {
	const about = {nodeCount: 1, runId: 'r1', availability: 'spot'} as const;
	const received = (response: Extract<Action, {type: 'sideRequestSucceeded'}>['response']): Action => ({
		type: 'sideRequestSucceeded',
		response,
		atMs: sampleNow,
	});
	const described: Action = {
		type: 'deploymentLoaded',
		deployment: deploymentOf({status: 'RUNNING', ...about}),
		atMs: sampleNow,
	};
	const run = {...runOf('r1', undefined, {name: 'my-run', status: 'ACTIVE'}), sessionId};
	const actions = [
		described,
		received({kind: 'run', run, atMs: sampleNow}),
		received({kind: 'checkpoints', runId: 'r1', list, unreadable: 0, atMs: sampleNow}),
		...keys,
	];
	return actions.reduce(reduce, sampleState({nodes: 1, gpus: 1}));
}

test('the time of a checkpoint on another day is shown in full at every size', () => {
	const old = made('step-10000', 20 * dayMs);
	for (const list of [[made('ahead', -3 * dayMs), made('step-9', 20 * minute)], [old], [made('step-9', 0), old]]) {
		for (const size of sizes) {
			const rows = screenText(withRun(list, [{type: 'toggleOverlay', overlay: 'run'}]), size);
			const dated = rows.filter(row => /(ahead|step-10000) +[A-Z][a-z]{2} \d{1,2} \d\d:\d\d /.test(row));
			assert.equal(dated.length, 1, rows.join('\n'));
		}
	}

	// Times on the current day are shorter, so names have more space.
	const today = screenText(
		withRun([made('name-of-15-char', 20 * minute)], [{type: 'toggleOverlay', overlay: 'run'}]),
		narrow,
	);
	assert.match(today.join('\n'), /name-of-15-char {2}\d\d:\d\d:\d\d /);
});

test('each clause about the run is shown in full or not at all, and the first one is always shown', () => {
	const text = (size: Size, session = 's1'): string =>
		screenText(withRun([made('step-9', minute)], [{type: 'toggleOverlay', overlay: 'run'}], session), size)
			.join(' ')
			.replaceAll(/[│\s]+/g, ' ');
	const spot = /spot: stopped when its GPUs are reclaimed, and not resumed/;
	for (const size of sizes.slice(0, 4)) {
		assert.match(text(size), spot);
	}

	assert.match(text(tiny), /run my-run \(r1\) .*session s1 .*step-9/);
	assert.doesNotMatch(text(tiny), /spot/);
	const long = 'a session with a long name that takes three lines on the smallest screen';
	assert.match(text(narrow, long), new RegExp(long));
	assert.match(text(tiny, long), /run my-run \(r1\) .*status ACTIVE .*step-9/);
	assert.doesNotMatch(text({columns: 30, rows: 11}, long), /session/);
});

test('in the list of events, no text about a checkpoint is cut, even at 30×10', () => {
	for (const size of sizes) {
		const text = screenText(
			withRun([made('step-10000', 20 * minute)], [{type: 'toggleOverlay', overlay: 'findings'}]),
			size,
		).join('\n');
		assert.match(text, /\d\d:\d\d:\d\d \S checkpoint /);
		assert.doesNotMatch(text.split('What happened')[1] ?? '', /…/);
	}
});

test('no character of an event is lost if its first word fits only on the second line', () => {
	const line = {timeNs: toNs(sampleNow - minute), level: 'ERROR', requestId: undefined} as const;
	const lines = [{...line, replica: 'loops-trainer-17', message: 'out of memory'}];
	const errors = {startMs: sampleNow - 60 * minute, endMs: sampleNow, lines, isCut: false};
	const keys = [
		{type: 'toggleOverlay', overlay: 'findings'},
		{type: 'sideRequestSucceeded', response: {kind: 'logErrors', errors}, atMs: sampleNow},
	] as const;
	const text = screenText(withRun([], keys), tiny)
		.join(' ')
		.replaceAll(/[│\s]+/g, ' ');
	assert.match(text, /\d\d:\d\d:\d\d × loops-trainer-17: out of memory /);
});

test('at 30×10, the screen names the sampler or, without one, the key that returns to the trainer', () => {
	const sampler = (status: string, keys: readonly Action[]): string => {
		const start = sampleState({nodes: 1, gpus: 1, sampler: 'answered'});
		const {deployment} = start.live;
		assert.ok(deployment?.sampler !== undefined);
		const changed = {...deployment, sampler: {...deployment.sampler, status}};
		const described: Action = {type: 'deploymentLoaded', deployment: changed, atMs: sampleNow};
		return screenText([described, {type: 'toggleComponent'} as const, ...keys].reduce(reduce, start), tiny).join('\n');
	};
	for (const status of ['ACTIVE', 'UNHEALTHY', 'SCALED_TO_ZERO']) {
		assert.match(sampler(status, []), /^ sampler /, status);
		assert.match(sampler(status, [{type: 'moveInTime', by: -1, far: true}]), /^ sampler /, status);
	}

	// The reason why only one of the logs is shown isn't cut either.
	const both = [{type: 'toggleLogs'}, {type: 'toggleBothLogs', hasRoom: false}] as const;
	assert.match(sampler('ACTIVE', both), /both logs need 120 columns/);
	const none = reduce(withRun([]), {type: 'toggleComponent'});
	assert.match(screenText(none, tiny).join('\n'), /press t for the trainer/);
});

test('at an earlier time, the age of the last checkpoint is its age at that time, not its age now', () => {
	const list = [made('step-10', minute), made('step-9', 90 * minute)];
	for (const size of [wide, narrow]) {
		assert.match(screenText(withRun(list), size).join('\n'), /last checkpoint 1m ago/);
		const past = screenText(withRun(list, [{type: 'moveInTime', by: -1, far: true}]), size).join('\n');
		assert.match(past, /last checkpoint \d+m earlier/);
		assert.doesNotMatch(past, /last checkpoint \S+ ago/);
	}
});

test('while an earlier range is on the screen, the header says that the current data is incomplete', () => {
	const past = withRun([], [{type: 'moveInTime', by: -1, far: true}]);
	const {trainer} = past.views;
	const views = {...past.views, trainer: {...trainer, snapshot: {...trainer.snapshot, dropped: 1}}};
	for (const size of [wide, narrow]) {
		assert.match(screenText({...past, views}, size)[0] ?? '', /● (?:RUNNING · )?now: data incomplete/);
	}
});
