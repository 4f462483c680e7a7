/** The panes, in the order of their digits. */
export const panes = ['requests', 'latency', 'status', 'gpus', 'nodes'] as const;

export type PaneName = (typeof panes)[number];

/** The pane `by` places further on, round and round. */
export function paneAfter(pane: PaneName, by: number): PaneName {
	const index = (panes.indexOf(pane) + by + panes.length) % panes.length;
	return panes[index] ?? pane;
}
