import type {Simulation} from '../../../source/demo/simulation.ts';
import {emptyHistory} from '../../../source/metrics/history.ts';
import type {Window} from '../../../source/metrics/windows.ts';
import {planQuery, type QueryPlan} from '../../../source/polling/query-range.ts';
import {initialState} from '../../../source/state/initial-state.ts';
import {createStore, type Store} from '../../../source/state/store.ts';
import {beganAtMs, deploymentOf, readText, responseText} from './simulated-responses.ts';

/** Returns the next request that the poller would send to bring a window up to date. */
export function nextPlan(store: Store, window: Window, nowMs: number): QueryPlan {
	const known = store.getState().components.trainer.histories.find(history => history.window.name === window.name);
	return planQuery(known ?? emptyHistory(window), nowMs, {withStep: true});
}

/** Parses the response to a plan and dispatches it to the store. */
export function dispatchText(store: Store, window: Window, text: string, {range}: QueryPlan, atMs: number): void {
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

/** Requests the next response from a simulation and dispatches it. */
export function dispatchNext(store: Store, simulation: Simulation, window: Window, nowMs: number): void {
	const plan = nextPlan(store, window, nowMs);
	dispatchText(store, window, responseText(simulation, plan.query, nowMs), plan, nowMs);
}

/** Creates a store that shows a window of a simulated deployment as of the start of the simulation. */
export function filledStore(simulation: Simulation, window: Window): Store {
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
		dispatchNext(store, simulation, history.window, nowMs);
	}

	return store;
}
