import type {Deployment} from '../api/deployment.ts';
import {hourlyCost, type KnownPrices, nodePriceOf} from '../metrics/cost.ts';
import {chosenPosition, listedDeployments} from '../state/choose.ts';
import type {State} from '../state/state.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {formatDollars} from '../text/cost-text.ts';
import {describeFailure} from '../text/failure-text.ts';
import {formatAge} from '../text/format.ts';
import {describeStatus} from '../text/status-text.ts';
import {symbols, type Tone} from '../theme/theme.ts';
import {
	cutEnd,
	cutNameEnd,
	fitLine,
	type Line,
	lineWidth,
	padEnd,
	padStart,
	scrollOffset,
	span,
	textWidth,
} from './line.ts';
import {centered, type HitTarget} from './pane-content.ts';

/** The list of deployments to choose from, with one selected. */
export type DeploymentsView = {
	readonly count: string;
	readonly lines: readonly Line[];
	readonly targets: ReadonlyArray<HitTarget | undefined>;
};

/** Lays out the list in `width` × `height` cells: the typed filter first, then one line per deployment. */
export function deploymentsView(state: State, width: number, height: number, zone: Zone): DeploymentsView {
	const listed = listedDeployments(state);
	const {list, scope} = state.deployments;
	const whose = scope === 'org' ? "the organization's" : 'your own';
	const count = list === undefined ? whose : `${listed.length} of ${list.length} ${symbols.dot} ${whose}`;
	const head = typedLine(state, width);
	if (listed.length === 0) {
		const why = whyEmpty(state, whose, zone);
		return {count, lines: [head, ...centered(why, width, height - 1)], targets: []};
	}

	const columns = chooseColumns(listed, width, state);
	const room = Math.max(height - 2, 1);
	const selected = chosenPosition(state);
	const first = scrollOffset(selected, listed.length, room);
	const shown = listed.slice(first, first + room);
	const fault = state.sideFailures.deployments;
	const said: Line =
		fault === undefined
			? titlesOf(columns)
			: [span(` ${symbols.broken} `, 'bad'), span(faultWords(state, zone), 'warn')];
	const rows = shown.map((deployment, index) => rowOf(deployment, first + index === selected, columns));
	const targets = shown.map(({id}): HitTarget => ({kind: 'deployment', id}));
	return {count, lines: [head, said, ...rows], targets: [undefined, undefined, ...targets]};
}

function typedLine({overlay}: State, width: number): Line {
	const text = overlay.kind === 'deployments' ? overlay.filter : '';
	const typed = [span(' /', 'accent'), span(text, 'strong'), span(symbols.caret, 'selected')];
	return text === '' ? [...typed, span(cutEnd(' type to filter', Math.max(width - 4, 0)), 'dim')] : typed;
}

function faultWords({sideFailures}: State, zone: Zone): string {
	const fault = sideFailures.deployments;
	if (fault === undefined) {
		return '';
	}

	const {failure, nextAtMs} = fault;
	const again = nextAtMs === undefined ? '' : `, again at ${formatMoment(nextAtMs, nextAtMs, zone)}`;
	return `no list: ${describeFailure(failure)}${again}`;
}

function whyEmpty(state: State, whose: string, zone: Zone): string {
	const {list} = state.deployments;
	if (state.sideFailures.deployments !== undefined) {
		return faultWords(state, zone);
	}

	if (list === undefined) {
		return `loading ${whose} deployments from ${state.host}`;
	}

	return list.length === 0
		? `no deployments: tab lists ${state.deployments.scope === 'own' ? "the organization's" : 'your own'}`
		: 'no deployment matches';
}

type Column = {
	readonly title: string;
	readonly width: number;
	readonly align: 'left' | 'right';
	/** The priority: the column with the lowest number gets space first. */
	readonly worth: number;
	readonly text: (deployment: Deployment) => string;
	readonly tone: (deployment: Deployment) => Tone;
};

const plain = (): Tone => 'plain';
const dim = (): Tone => 'dim';

function sizeOf({nodeCount, instance}: Deployment): string {
	const counts = [nodeCount, instance?.gpusPerNode].filter(count => count !== undefined).join('×');
	return [counts, instance?.gpuType].filter(text => text !== undefined && text !== '').join(' ');
}

/** What an hour costs, if that's known and the deployment runs. */
function rateOf(prices: KnownPrices): (deployment: Deployment) => string {
	return deployment => {
		const perHour = hourlyCost(deployment, nodePriceOf(deployment, prices));
		return perHour === undefined ? symbols.unknown : formatDollars(perHour);
	};
}

function ageOf({createdAtMs}: Deployment, nowMs: number): string {
	return createdAtMs === undefined ? symbols.unknown : formatAge(nowMs - createdAtMs);
}

/** The width reserved for the model's name before other columns get space. */
const wantedModel = 20;
const leastModel = 8;

/** Returns the columns that fit, in the order of the table. The model takes what the others leave. */
function chooseColumns(listed: readonly Deployment[], width: number, {live, prices}: State): readonly Column[] {
	const {nowMs} = live;
	const widest = (text: (deployment: Deployment) => string, most: number): number =>
		Math.min(Math.max(...listed.map(deployment => textWidth(text(deployment)))), most);
	const column = (
		title: string,
		worth: number,
		text: (deployment: Deployment) => string,
		look: {readonly most: number; readonly align?: 'left' | 'right'; readonly tone?: Column['tone']},
	): Column => ({
		title,
		worth,
		text,
		width: Math.max(widest(text, look.most), textWidth(title)),
		align: look.align ?? 'left',
		tone: look.tone ?? plain,
	});
	const model = column('model', 1, ({baseModel}) => baseModel ?? symbols.unknown, {most: 48});
	const table = [
		column('id', 0, ({id}) => id, {most: 24}),
		model,
		column('status', 2, ({status}) => status ?? symbols.unknown, {
			most: 16,
			tone: ({status}) => describeStatus(status).tone,
		}),
		column('gpus', 3, sizeOf, {most: 14}),
		...(listed.some(deployment => nodePriceOf(deployment, prices) !== undefined)
			? [column(`$/h ${prices.own === undefined ? 'list' : 'own price'}`, 4, rateOf(prices), {most: 8, align: 'right'})]
			: []),
		column('owner', 6, ({owner}) => owner ?? symbols.unknown, {most: 20, tone: dim}),
		column('age', 5, deployment => ageOf(deployment, nowMs), {most: 6, align: 'right'}),
	];
	let room = width - 3;
	const chosen = new Map<Column, Column>();
	for (const one of [...table].sort((a, b) => a.worth - b.worth)) {
		const wanted = Math.max(Math.min(wantedModel, room - 2), leastModel);
		const least = one === model ? Math.min(wanted, one.width) : one.width;
		if (least + 2 <= room) {
			chosen.set(one, {...one, width: least});
			room -= least + 2;
		}
	}

	return table.flatMap(one => {
		const fitted = chosen.get(one);
		const isModel = one === model && fitted !== undefined;
		return isModel ? {...fitted, width: Math.min(one.width, fitted.width + room)} : (fitted ?? []);
	});
}

function titlesOf(columns: readonly Column[]): Line {
	return [span('   '), span(columns.map(({title, width, align}) => `${pad(title, width, align)}  `).join(''), 'dim')];
}

function pad(text: string, width: number, align: Column['align']): string {
	return align === 'left' ? padEnd(text, width) : padStart(text, width);
}

function rowOf(deployment: Deployment, isSelected: boolean, columns: readonly Column[]): Line {
	const {mark, tone} = describeStatus(deployment.status);
	const head: Line = [span(isSelected ? symbols.pointer : ' ', 'selected'), span(`${mark} `, tone)];
	const rest = columns.map(({text, width, align, tone: toneOf, title}) => {
		const words = cutNameEnd(text(deployment), width);
		return span(`${pad(words, width, align)}  `, isSelected && title === 'id' ? 'selected' : toneOf(deployment));
	});
	const line = [...head, ...rest];
	return fitLine(line, lineWidth(line));
}
