import type {Simulation} from '../../../source/demo/simulation.ts';
import {emptyHistory} from '../../../source/metrics/history.ts';
import type {Window} from '../../../source/metrics/windows.ts';
import {planQuery, type QueryPlan} from '../../../source/polling/query-range.ts';
import {initialState} from '../../../source/state/state.ts';
import {createStore, type Store} from '../../../source/state/store.ts';
import {answerText, beganAtMs, deploymentOf, readText} from './simulated-answers.ts';

/** What the poller would ask for next, to bring a window up to then. */
export function nextPlan(store: Store, window: Window, nowMs: number): QueryPlan {
	const known = store.getState().components.trainer.histories.find(history => history.window.name === window.name);
	return planQuery(known ?? emptyHistory(window), nowMs, {withStep: true});
}

/** Tells the store the answer to a plan; parsing is part of what it does. */
export function tellText(store: Store, window: Window, text: string, {range}: QueryPlan, atMs: number): void {
	store.dispatch({
		type: 'metricsReceived',
		kind: 'live',
		window: window.name,
		response: readText(text),
		range,
		atMs,
		tookMs: 9,
	});
}

/** Asks a simulation for what is next, and says it. */
export function tellNext(store: Store, simulation: Simulation, window: Window, nowMs: number): void {
	const plan = nextPlan(store, window, nowMs);
	tellText(store, window, answerText(simulation, plan.query, nowMs), plan, nowMs);
}

/** A store that shows a window of a simulated deployment as it stood when that began. */
export function toldStore(simulation: Simulation, window: Window): Store {
	const nowMs = beganAtMs;
	const store = createStore(
		initialState({
			target: {kind: 'deployment', id: 'k4q95w5'},
			host: 'api.baseten.co',
			window,
			intervalMs: 10_000,
			nowMs,
		}),
	);
	store.dispatch({type: 'deploymentLoaded', deployment: deploymentOf(simulation, nowMs), atMs: nowMs});
	for (const history of store.getState().components.trainer.histories) {
		tellNext(store, simulation, history.window, nowMs);
	}

	return store;
}
