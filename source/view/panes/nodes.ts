import {isRising} from '../../metrics/arrange.ts';
import {latest} from '../../metrics/freshness.ts';
import {symbols, type Tone} from '../../theme/theme.ts';
import {oldForms} from '../age-words.ts';
import {type Line, span} from '../line.ts';
import {centered, type PaneContent, type PaneInput, whyEmpty} from '../pane-content.ts';
import {nodeDetailPane} from './node-detail.ts';
import {tableLines} from './node-table.ts';

/** Draws the table of nodes: one glyph per GPU, mean utilization, memory, CPU, RAM and ephemeral storage. */
export function nodesPane(input: PaneInput): PaneContent {
	if (input.variant === 'full' && input.zoom === 'detail') {
		return nodeDetailPane(input);
	}

	const {nodes, snapshot} = input.view;
	const {filter, width, height} = input;
	const title = {title: 'Nodes', subtitles: filter.conditions.length > 0 ? [filter.text] : []};
	if (nodes.length === 0) {
		const why =
			snapshot.nodes.length === 0
				? whyEmpty(input, 'node metrics', ['per_node_metrics'])
				: `no node matches ${filter.text}`;
		return {...title, values: [[]], body: centered(why, width, height)};
	}

	return {...title, values: valuesOf(input), ...tableLines(input)};
}

/** Returns how many nodes report or match the filter, with the age of old data, and the sort order if one was chosen. */
function valuesOf(input: PaneInput): readonly Line[] {
	const {view, filter, sort, cost} = input;
	const {nodes, snapshot, link} = view;
	const {nodesReporting: reporting, nodesExpected: expected} = snapshot.totals;
	const tone: Tone = reporting < expected ? 'warn' : 'plain';
	const isFiltered = filter.conditions.length > 0;
	const counts = isFiltered ? `${nodes.length} of ${snapshot.nodes.length}` : `${reporting} of ${expected}`;
	const words = `${counts} ${isFiltered ? 'match' : 'reporting'}`;
	const newest = latest(snapshot.nodes.flatMap(({lastHeardMs}) => lastHeardMs ?? []));
	const old = isFiltered || reporting > 0 ? undefined : oldForms(newest, input);
	// While requests fail, how many nodes report isn't known.
	if (old !== undefined && (link.kind === 'failing' || link.kind === 'refused')) {
		return old;
	}

	if (old !== undefined) {
		return [
			...old.map(([age]): Line => [span(words, 'warn'), span(` ${symbols.dot} ${age?.text ?? ''}`, 'warn')]),
			[span(counts, 'warn')],
		];
	}

	const order = `by ${sort.column} ${isRising(sort) ? symbols.rising : symbols.falling}`;
	const isSorted = sort.column !== 'name' || sort.reversed;
	const count = span(words, isFiltered ? 'accent' : tone);
	return [
		...(cost === '' || isSorted ? [] : [[count, span(` ${symbols.dot} ${cost}`)]]),
		...(isSorted
			? [
					[count, span(` ${symbols.dot} ${order}`)],
					[span(counts, count.tone), span(` ${order}`)],
				]
			: []),
		[count],
		[span(counts, count.tone)],
	];
}
