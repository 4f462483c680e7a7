import type {NodePrice, WindowCost} from '../metrics/cost.ts';
import {formatCount, formatPercent} from './format.ts';

/** US dollars: `$0.85`, `$6.50`, `$208`, `$1,234`, `$12.3k`. */
export function formatDollars(dollars: number): string {
	if (dollars >= 9999.5) {
		return `$${formatCount(dollars)}`;
	}

	return `$${dollars < 99.995 ? dollars.toFixed(2) : Math.round(dollars).toLocaleString('en-US')}`;
}

/** What kind of price an amount is made of: none is a bill. */
const sources: Readonly<Record<NodePrice['source'], string>> = {list: 'list', user: 'own price'};

/** What an hour costs: `$208/h list`, or `$208/h own price`. */
export function rateWords(perHour: number, source: NodePrice['source']): string {
	return `${formatDollars(perHour)}/h ${sources[source]}`;
}

/** What a window cost: `list price in 1h: $208, 38% idle = $79`. */
export function windowCostWords(window: string, {total, idle}: WindowCost, source: NodePrice['source']): string {
	const kind = source === 'list' ? 'list price' : sources[source];
	const idleCost = idle === undefined || idle.share < 0.005 ? '' : ` = ${formatDollars(idle.cost)}`;
	const idleWords = idle === undefined ? '' : `, ${formatPercent(idle.share)} idle${idleCost}`;
	return `${kind} in ${window}: ${formatDollars(total)}${idleWords}`;
}
