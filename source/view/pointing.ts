import type {UserAction} from '../state/actions.ts';
import {panes} from '../state/state.ts';
import type {HitTarget} from './pane-content.ts';
import type {Region} from './region.ts';
import type {Screen} from './screen.ts';

/** A mouse event at a cell of the screen: a press, or the wheel turned up or down. */
export type Pointing = {readonly kind: 'press' | 'up' | 'down'; readonly x: number; readonly y: number};

/** The number of lines that one turn of the wheel scrolls. */
const wheelLines = 3;

function isInside({rect}: Region, x: number, y: number): boolean {
	return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

/** Returns the action of a mouse event: a press selects, the wheel scrolls a list or zooms a chart. */
export function actionAt({regions, helpLimit}: Screen, {kind, x, y}: Pointing): UserAction | undefined {
	const region = regions.find(candidate => isInside(candidate, x, y));
	const by = kind === 'up' ? -1 : 1;
	if (region === undefined) {
		return undefined;
	}

	switch (region.name) {
		case 'help':
			return kind === 'press' ? undefined : {type: 'scrollHelp', by: by * wheelLines, limit: helpLimit};
		case 'findings':
			return kind === 'press' ? openAt(region, x, y) : {type: 'select', by};
		case 'deployments':
			return kind === 'press' ? openAt(region, x, y) : {type: 'select', by};
		case 'logs':
			return kind === 'press' ? openAt(region, x, y) : {type: 'select', by: by * wheelLines};
		case 'other logs':
			return kind === 'press' ? openAt(region, x, y) : undefined;
		case 'notice':
			return kind === 'press' ? {type: 'toggleFindings'} : undefined;
		default:
			return inPane(region, {kind, x, y});
	}
}

function inPane(region: Region, {kind, x, y}: Pointing): UserAction | undefined {
	const pane = panes.find(name => name === region.name);
	if (pane === undefined) {
		return undefined;
	}

	if (kind === 'press') {
		const target = targetAt(region, x, y);
		return target?.kind === 'node'
			? {type: 'point', pane, node: target.node, ...(target.rank === undefined ? {} : {rank: target.rank})}
			: {type: 'point', pane};
	}

	const by = kind === 'up' ? -1 : 1;
	return pane === 'gpus' || pane === 'nodes' ? {type: 'select', by} : {type: 'changeWindow', by};
}

function targetAt({rect, frame, targets}: Region, x: number, y: number): HitTarget | undefined {
	const within = frame === undefined ? 0 : 1;
	const target = targets[y - rect.y - within];
	return target?.kind === 'columns' ? target.targets[Math.floor((x - rect.x - within) / target.width)] : target;
}

function openAt(region: Region, x: number, y: number): UserAction | undefined {
	const target = targetAt(region, x, y);
	switch (target?.kind) {
		case 'finding':
			return {type: 'openFinding', key: target.key};
		case 'deployment':
			return {type: 'chooseDeployment', id: target.id};
		case 'log':
			return {type: 'pointLog', component: target.component, position: target.position};
		default:
			return undefined;
	}
}
