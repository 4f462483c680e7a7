import assert from 'node:assert/strict';
import {test} from 'node:test';
import {gpuSeriesPaths} from '../../source/api/series-table.ts';
import {defaultThresholds} from '../../source/metrics/thresholds.ts';
import {windows} from '../../source/metrics/windows.ts';
import type {Action} from '../../source/state/actions.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {formatFineAge} from '../../source/text/format.ts';
import {busyWords} from '../../source/view/pane-content.ts';
import {linesOf} from '../../source/view/region.ts';
import {drawScreen} from '../../source/view/screen.ts';
import {deploymentAction, emptyState, metricsAction, nodeUntil, sampleNow} from '../helpers/old-samples.ts';
import {sampleState} from '../helpers/sample-state.ts';
import {screenText} from '../helpers/screen-text.ts';
import {simulate} from '../helpers/simulated-deployment.ts';

const wide = {columns: 160, rows: 45};
const minute = 60_000;

function after(...actions: readonly Action[]): State {
	return actions.reduce(reduce, emptyState());
}

function screen(state: State, size = wide): string {
	return screenText(state, size).join('\n');
}

const twoUntil = (minutes: number): readonly object[] => [nodeUntil('n-0', minutes), nodeUntil('n-1', minutes)];

test('a failed deployment is shown as failed: nothing is live, no node reports, and old numbers are labeled', () => {
	for (const size of [wide, {columns: 100, rows: 30}, {columns: 80, rows: 24}, {columns: 40, rows: 45}]) {
		const text = screen(after(metricsAction(twoUntil(10), 10), deploymentAction(2, 'FAILED')), size);
		assert.match(text, /^ × FAILED/);
		assert.match(text, /10m ago/);
		assert.match(text, size.columns > 40 ? /0 of 2 reporting/ : /last 10m ago/);
		// The bar of a GPU is as long as if its last value were current; the title above it shows the age of the value.
		assert.doesNotMatch(text, /(?<!(?:busy|last|util) +|[▇▉] +)90%(?! +│)|(?<!last )10\.0\/s/);
		assert.match(text, /4? ?GPUs .*last (sample \S+ · )?10m ago/);
		assert.match(text, /╱/);
	}
});

test('a view is live only while the server responds; otherwise, it shows when the last data arrived', () => {
	const toneOfLive = (state: State): unknown =>
		drawScreen(state, wide, 'utc')
			.regions.flatMap(linesOf)
			.flat()
			.find(({text}) => text === 'live ')?.tone;
	const current = after(metricsAction(twoUntil(0)), deploymentAction(2));
	assert.equal(toneOfLive(current), 'good');
	const failure = {kind: 'status', status: 503, message: '', retryAfterMs: undefined} as const;
	const failing = reduce(current, {type: 'pollFailed', failure, atMs: sampleNow, nextAtMs: sampleNow + 10_000});
	assert.equal(toneOfLive(failing), undefined);
	for (const size of [wide, {columns: 100, rows: 30}, {columns: 40, rows: 45}]) {
		const text = screen(failing, size);
		assert.match(text, /^ ● (RUNNING · )?no updates/);
		assert.match(text, /last (data )?\d\d:\d\d:\d\d, 0s ago · /);
		// The message says when the failure began, and that the status code is the API's, because the status codes of
		// the deployment's requests are next to it.
		assert.match(text, /× API 503 · retry/);
		assert.match(text, size.columns === 40 ? /× API 503 +since \d\d:/ : /× API: 503 service unavailable, since \d\d:/);
	}
});

test('after the first failed poll, no value looks current: all are dim, and their age is shown', () => {
	const nodes = ['a', 'b', 'c', 'd'].map(id => nodeUntil(id, 0));
	const current = after(metricsAction(nodes), deploymentAction(4));
	const failure = {kind: 'status', status: 503, message: '', retryAfterMs: undefined} as const;
	const lost = (state: State): State =>
		[
			{type: 'tick', atMs: sampleNow + 17_000} as const,
			{type: 'pollFailed', failure, atMs: sampleNow + 17_000, nextAtMs: sampleNow + 47_000} as const,
		].reduce(reduce, state);
	const focuses = (['requests', 'latency', 'status', 'gpus', 'nodes'] as const).map((pane): readonly Action[] => [
		{type: 'focusPane', pane},
		{type: 'toggleFullScreen'},
	]);
	for (const size of [wide, {columns: 100, rows: 30}, {columns: 80, rows: 24}, {columns: 40, rows: 45}]) {
		for (const actions of [[], ...focuses]) {
			const before = actions.reduce(reduce, current);
			const failing = lost(before);
			const text = screen(failing, size);
			const where = `${size.columns}: ${JSON.stringify(actions)}\n${text}`;
			assert.doesNotMatch(text, /(?<!retries[\s│]+)\bnow\b/, where);
			assert.match(text, /17s (ago|old)/, where);
			const values = (state: State): readonly string[] =>
				drawScreen(state, size, 'utc')
					.regions.filter(({name}) => ['requests', 'latency', 'status', 'gpus', 'nodes'].includes(name))
					.flatMap(region => linesOf(region).flat())
					.flatMap(({text: part, tone}) =>
						tone === 'strong' && /^ *\d[\d.]*(?:%|\/s|m?s)?$/.test(part) ? [part] : [],
					);
			assert.ok(actions.length > 0 || values(before).length > 0, where);
			assert.deepEqual(values(failing), [], where);
		}
	}

	assert.match(screen(lost(current)), /busy 90% of 1h · last 90%/);
	// The next response ends the failure.
	const again = [metricsAction(nodes)].reduce(reduce, lost(current));
	assert.match(screen(again), /busy 90% of 1h · now 90%/);
});

test('at 30×10, the header shows that values are for the time of the cursor, or that the display is paused', () => {
	const nodes = ['a', 'b', 'c', 'd'].map(id => nodeUntil(id, 0));
	const current = after(metricsAction(nodes), deploymentAction(5));
	const headerOf = (state: State): string => screenText(state, {columns: 30, rows: 10})[0] ?? '';
	assert.match(headerOf(current), /degraded.* 1h$/);
	assert.match(headerOf(reduce(current, {type: 'toggleCursor'})), /degraded.* at \d\d:\d\d:\d\d$/);
	assert.match(headerOf(reduce(current, {type: 'togglePause'})), /degraded.* paused 1h$/);
});

test('values of GPUs and nodes whose samples stopped are unknown, while those of requests are shown, and vice versa', () => {
	const compute = screen(after(metricsAction(twoUntil(40)), deploymentAction(2)));
	assert.match(compute, /1 Requests ─+ 10\.0\/s/);
	assert.match(compute, /4 GPUs .* last sample 08:20:00 · 40m ago/);
	assert.match(compute, /0 of 2 reporting · last sample 08:20:00 · 40m ago/);
	const requests = screen(after(metricsAction(twoUntil(0), 40), deploymentAction(2)));
	assert.match(requests, /1 Requests ─+ last 10\.0\/s at 08:20:00 · 40m ago/);
	assert.match(requests, /no data 40m/);
	assert.match(requests, /2 of 2 reporting/);
	assert.match(requests, /now 90%/);
});

test("nodes that are gone are at the end of the list, aren't counted, and can be hidden by a filter", () => {
	const nodes = [nodeUntil('a', 20), nodeUntil('b', 20), nodeUntil('y', 0), nodeUntil('z', 0)];
	const state = after(metricsAction(nodes), deploymentAction(2));
	const text = screen(state);
	assert.match(text, /2 of 2 reporting/);
	assert.match(text, /▸y[\s\S]* z[\s\S]* a .* gone, last seen 08:40:00 · 20m ago[\s\S]* b .* gone/);
	assert.match(text, /busy 90% of 1h · now 90%/);
	const hidden = [
		{type: 'editFilter'} as const,
		{type: 'typeText', text: '!gone'} as const,
		{type: 'applyFilter'} as const,
	].reduce(reduce, state);
	assert.doesNotMatch(screen(hidden), /gone, last seen/);
	assert.match(screen(hidden), /2 of 4 match/);
});

test('the view is live only with a current sample; otherwise, the age of the newest one is shown', () => {
	const state = after(metricsAction(twoUntil(0)), deploymentAction(2));
	assert.match(screen(state), /live 1h to 09:00:00/);
	const later = (ms: number): string => screen(reduce(state, {type: 'tick', atMs: sampleNow + ms}));
	assert.match(later(minute), /live 1h to/);
	const {staleMs} = defaultThresholds;
	const age = formatFineAge(staleMs - 1000);
	assert.ok(later(staleMs - 1000).includes(`live · ${age} ago 1h to 09:00:00`));
	assert.match(later(staleMs - 1000), /now 90%/);
	assert.match(later(staleMs + 1000), /now –/);
	assert.match(later(11 * minute), /RUNNING · no data 11m/);
	assert.match(later(11 * minute), /last data 09:00:00, 11m ago · 1h · /);
	assert.doesNotMatch(later(staleMs + 1000), /live/);
});

test('the screen uses the chosen threshold for stale samples', () => {
	const withLimit = (staleMs: number) =>
		[metricsAction(twoUntil(5), 5), deploymentAction(2)].reduce(reduce, {
			...emptyState(),
			thresholds: {...defaultThresholds, staleMs},
		});
	const state = withLimit(10 * minute);
	assert.match(screen(state), /2 of 2 reporting/);
	assert.doesNotMatch(screen(state), /no data|╱/);
	assert.match(screen(withLimit(3 * minute)), /no data 5m/);
});

test('a mean over fewer GPUs than expected shows their number, and a GPU without current samples shows when it was last seen', () => {
	const all = nodeUntil('n-0', 0);
	const old = nodeUntil('n-0', 10);
	const gpus = Object.values(gpuSeriesPaths).map(({field}) => [field, {...all[field], 3: old[field]['3']}] as const);
	const node = {...all, ...Object.fromEntries(gpus)};
	const text = screen(after(metricsAction([node]), deploymentAction(1)));
	assert.match(text, /now 90% \(3 of 4 GPUs\)/);
	assert.match(text, /now 90% over 3 of 4/);
	assert.match(text, /3 last seen 08:50:00/);
});

test('if there are no findings, the screen says so', () => {
	const text = screen(sampleState({nodes: 1, gpus: 8, leaderOnly: true}));
	assert.match(text, /^ ● RUNNING · no findings/);
	assert.match(text, /✓ no findings/);
});

test("if part of a response is unreadable, the status says that the data is incomplete, and isn't green", () => {
	const whole = metricsAction([nodeUntil('n-0', 0)]);
	assert.ok(whole.type === 'metricsReceived');
	for (const part of [{problems: [{field: 'concurrent_requests', problem: 'is a string'}]}, {dropped: 3}] as const) {
		const state = after({...whole, response: {...whole.response, ...part}}, deploymentAction(1));
		for (const size of [wide, {columns: 100, rows: 30}, {columns: 40, rows: 45}]) {
			assert.match(screen(state, size), /^ ● RUNNING · data incomplete/);
			const spans = drawScreen(state, size, 'utc').regions.flatMap(linesOf).flat();
			assert.equal(spans.find(({text}) => text.includes('data incomplete'))?.tone, 'plain');
			assert.doesNotMatch(screen(state, size), /✓/);
			// The line above the keys says what is incomplete, so the last checkpoint is below the nodes if there is space.
			const checkpoint = {createdAtMs: sampleNow - 14 * minute, bytes: 1, name: 'a', syncStatus: undefined};
			const list = [{...checkpoint, target: undefined, type: undefined}];
			const known = {...state, checkpoints: {runId: 'r', list, unreadable: 0, atMs: sampleNow}};
			assert.ok(size.columns === 100 || screen(known, size).includes('last checkpoint 14m ago'));
		}

		assert.match(screen(state, {columns: 30, rows: 10}), /^ ● data incomplete +1h/);

		assert.match(
			screen(reduce(state, {type: 'toggleOverlay', overlay: 'findings'})),
			/ {3}no findings, but the data is incomplete/,
		);
	}
});

test("the screen doesn't say that there are no findings in a range that isn't loaded yet", () => {
	const well = sampleState({nodes: 1, gpus: 8, leaderOnly: true});
	const past = reduce(well, {type: 'moveInTime', by: -1, far: true});
	assert.match(screen(past), /now: no findings/);
	assert.doesNotMatch(screen(past), /✓/);
	assert.match(screen(reduce(past, {type: 'toggleOverlay', overlay: 'findings'})), /findings aren't known yet/);
	assert.match(screen(reduce(well, {type: 'toggleOverlay', overlay: 'findings'})), / {3}no findings/);
	assert.match(screen(reduce(emptyState(), {type: 'toggleOverlay', overlay: 'findings'})), /findings aren't known yet/);
});

test('in windows whose samples are means, the summary of GPU utilization includes the lowest and the highest value', () => {
	const busy = {mean: 0.52, low: 0, high: 0.98};
	const words = windows.map(window => busyWords({...busy, knownMs: window.lengthMs}, window));
	assert.equal(words[3], '52% of 1h');
	assert.equal(words[5], '52% (0–98%) of 6h');
	assert.ok(words.slice(4).every(text => text.includes('(0–98%)')));
});

test('the utilization of the GPUs is shown with the length of the part of the window that has samples', () => {
	const partly = after(metricsAction(twoUntil(25), 25), deploymentAction(2, 'FAILED'));
	for (const size of [wide, {columns: 100, rows: 30}, {columns: 40, rows: 45}]) {
		const text = screen(partly, size);
		assert.match(text, /busy 90% in 35m of 1h/);
		assert.doesNotMatch(text, /busy 90% of 1h/);
	}

	// In full screen, the utilization isn't shown as if it were for the whole window either.
	for (const actions of [['toggleFullScreen'], ['toggleFullScreen', 'enter']] as const) {
		const full = [{type: 'focusPane', pane: 'gpus'} as const, ...actions.map(type => ({type}))].reduce(reduce, partly);
		assert.doesNotMatch(screen(full), /busy \d+% of 1h/);
	}

	// A single missed sample isn't mentioned.
	assert.match(screen(after(metricsAction(twoUntil(1), 1), deploymentAction(2))), /busy 90% of 1h/);
});

test("a header that is too narrow for everything shows problems rather than the deployment's name", () => {
	const {state} = simulate({nodes: {}, nodeCount: 4}, [0]);
	for (let columns = 24; columns <= 80; columns++) {
		const [header = ''] = screenText(state, {columns, rows: 10});
		assert.match(header, /no data/, `${columns}: ${header}`);
	}
});

test('last known values are dim and labeled as such, in each pane', () => {
	const old = after(metricsAction(twoUntil(10), 10), deploymentAction(2, 'FAILED'));
	const text = screen(old);
	assert.match(text, /1 Requests ─+ last 10\.0\/s at 08:50:00 · 10m ago/);
	assert.match(text, /2 Latency .* last p99 1\.90s at 08:50:00 · 10m ago/);
	assert.match(text, /▇ +last 90% /);
	assert.match(text, /util {2}━ mem +last {2}utilization/);
	assert.match(text, /last seen 08:50:00 · 10m ago: util 90%, ram \d+%, disk \d+%/);
	assert.match(screen(old, {columns: 40, rows: 45}), /requests last 10\.0\/s/);
	const spans = drawScreen(old, wide, 'utc').regions.flatMap(region => linesOf(region).flat());
	assert.deepEqual(
		new Set(spans.filter(({text: part}) => /last 90%/.test(part)).map(({tone}) => tone)),
		new Set(['dim']),
	);
});

test('a deployment that is scaled to zero or stopped raises no alarm: nothing on the screen is yellow or red', () => {
	for (const status of ['SCALED_TO_ZERO', 'STOPPED']) {
		const asleep = after(metricsAction(twoUntil(10), 10), deploymentAction(2, status));
		assert.match(screen(asleep), new RegExp(`^ ○ ${status}`));
		for (const size of [wide, {columns: 80, rows: 24}, {columns: 40, rows: 45}]) {
			const spans = drawScreen(asleep, size, 'utc').regions.flatMap(region => linesOf(region).flat());
			assert.deepEqual(
				spans.filter(({tone, text}) => (tone === 'warn' || tone === 'bad') && text.trim() !== ''),
				[],
			);
		}
	}
});
