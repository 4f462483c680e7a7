import type {Node} from '../../metrics/node.ts';
import type {Line} from '../line.ts';

/** One column of the table: its title, its width, and its cell for a node that reports. */
export type Column = {
	readonly title: string;
	readonly width: number;
	readonly align: 'left' | 'right';
	/** The priority: the column with the lowest number gets space first. */
	readonly worth: number;
	readonly cell: (node: Node) => Line;
};
