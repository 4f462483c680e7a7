import {type Finding, type Findings, ranksOf} from '../metrics/findings.ts';
import type {Node} from '../metrics/node.ts';
import type {ComponentState} from './component.ts';

type Selection = Pick<ComponentState, 'selected' | 'selectedRank'>;

function selectionOf(finding: Finding): Selection {
	const {subject} = finding;
	return subject.kind === 'deployment'
		? {selected: undefined, selectedRank: undefined}
		: {selected: subject.node, selectedRank: ranksOf(finding)[0]};
}

/**
 * Returns the default selection: the node, and GPU, of the worst finding about one, otherwise the first node. Nodes
 * that are gone are never selected by default.
 */
export function defaultSelection(nodes: readonly Node[], {current}: Findings): Selection {
	const present = new Set(nodes.filter(({presence}) => presence !== 'gone').map(({id}) => id));
	const worst = current.map(selectionOf).find(({selected}) => selected !== undefined && present.has(selected));
	const [first] = present;
	return worst ?? {selected: first, selectedRank: undefined};
}

/** Whether the selected node went away: others took its place since it was selected. */
export function hasGone(selected: string, before: readonly Node[], now: readonly Node[]): boolean {
	const presenceIn = (nodes: readonly Node[]): Node['presence'] | undefined =>
		nodes.find(({id}) => id === selected)?.presence;
	const earlier = presenceIn(before);
	return earlier !== undefined && earlier !== 'gone' && presenceIn(now) === 'gone';
}
