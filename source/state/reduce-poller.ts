import {updateFindings} from '../metrics/findings.ts';
import {addAnswer, type History} from '../metrics/history.ts';
import {findAll} from '../metrics/rules.ts';
import {takeSnapshot} from '../metrics/snapshot.ts';
import type {PollerAction} from './actions.ts';
import {addList, watch} from './choose.ts';
import type {ErrandNews} from './errand-news.ts';
import {answeredMs, type Link, type Live, type State, watchWindow} from './state.ts';
import {followCursor} from './time-travel.ts';

/** What the poller tells, and what is found amiss by it. */
export function reducePoller(state: State, action: PollerAction): State {
	return withFindings(addNews(state, action));
}

function addNews(state: State, action: PollerAction): State {
	const {atMs: nowMs} = action;
	const tell = (live: Partial<Live>): State => ({...state, live: {...state.live, ...live, nowMs}});
	switch (action.type) {
		case 'answered': {
			const link: Link = {kind: 'ok', atMs: nowMs, tookMs: action.tookMs};
			const add = (history: History): History =>
				history.window.name === action.window ? addAnswer(history, action.answer, action.range) : history;
			const [shown, ...others] = state.histories;
			return followCursor({...tell({link}), histories: [add(shown), ...others.map(add)]});
		}

		case 'answeredPast': {
			const link: Link = {kind: 'ok', atMs: nowMs, tookMs: action.tookMs};
			const pasts = state.pasts.map(past =>
				past.window.name === action.window && past.endMs === action.range.endMs
					? {...addAnswer(past, action.answer, action.range), settled: action.settled}
					: past,
			);
			return {...tell({link}), pasts};
		}

		case 'answeredNothing':
			return tell({link: {kind: 'no-metrics', atMs: nowMs, tookMs: action.tookMs}});
		case 'failed': {
			const {link} = state.live;
			const sinceMs = link.kind === 'failing' ? link.sinceMs : nowMs;
			const {failure, nextAtMs} = action;
			return tell({link: {kind: 'failing', failure, sinceMs, nextAtMs, answeredMs: answeredMs(link)}});
		}

		case 'described':
			return tell({deployment: action.deployment});
		case 'aged':
			return tell({});
		case 'recordingStopped':
			return {...state, recording: {kind: 'stopped', why: action.why, isSeen: false}};
		case 'watch':
			return watch(tell({}), action.id);
		case 'errandAnswered': {
			const {[action.news.kind]: _, ...errandFaults} = state.errandFaults;
			return addErrandNews({...tell({}), errandFaults}, action.news);
		}

		case 'errandFailed':
			return {...tell({}), errandFaults: {...state.errandFaults, [action.errand]: action.fault}};
	}
}

function addErrandNews(state: State, news: ErrandNews): State {
	switch (news.kind) {
		case 'deployments':
			return addList(state, news.list);
	}
}

/** Looks for what is amiss in the window that is kept for that, as soon as it is known. */
function withFindings(state: State): State {
	const {histories, live, thresholds, findings} = state;
	const watched = histories.find(({window}) => window.name === watchWindow.name);
	const isAnswered = live.link.kind === 'ok';
	if (watched === undefined || (!watched.complete && live.link.kind !== 'no-metrics') || live.link.kind === 'failing') {
		// While nothing is known anew, what was found stands.
		return state;
	}

	const circumstances = {status: live.deployment?.status, isAnswered, nowMs: live.nowMs, thresholds};
	const found = findAll(takeSnapshot(watched, live.deployment, undefined), circumstances);
	return {...state, findings: updateFindings(findings, found, live.nowMs)};
}
