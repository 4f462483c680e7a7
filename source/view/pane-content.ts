import {describeFailure} from '../api/failure.ts';
import type {Picture, Scale} from '../state/state.ts';
import type {Zone} from './clock-time.ts';
import type {Place} from './layout.ts';
import {cells, type Line, span, wrapWords} from './line.ts';
import {describeStatus} from './status-words.ts';

/** What a pane shows: its title, its current values in forms from wide to narrow, and its lines. */
export type PaneContent = {
	readonly title: string;
	/** What the title is about, in forms from long to short. */
	readonly subtitles: readonly string[];
	readonly values: readonly Line[];
	readonly body: readonly Line[];
};

/** What a pane is drawn from: the picture, the room inside its frame, and what the user chose. */
export type PaneInput = {
	readonly picture: Picture;
	readonly width: number;
	readonly height: number;
	readonly form: Place['form'];
	readonly focused: boolean;
	readonly selected: number;
	readonly scale: Exclude<Scale, 'auto'>;
	readonly zone: Zone;
};

/** Why a pane has nothing to draw. `what` names it in the plural, `fields` are the API's names for it. */
export function whyEmpty({link, deployment, snapshot}: Picture, what: string, fields: readonly string[]): string {
	const problem = snapshot.problems.find(({field}) => fields.includes(field));
	if (problem !== undefined) {
		return `the server's ${problem.field} ${problem.problem}`;
	}

	if (link.kind === 'no-metrics') {
		return `the deployment ${describeStatus(deployment?.status).clause}`;
	}

	if (!snapshot.complete) {
		return link.kind === 'failing'
			? `nothing of the last ${snapshot.window.name} yet: ${describeFailure(link.failure)}`
			: `asking for the last ${snapshot.window.name}`;
	}

	return `no ${what} in the last ${snapshot.window.name}`;
}

/** A text in the middle of a pane, on as many lines as its words need. */
export function centered(text: string, width: number, height: number): readonly Line[] {
	const shown = wrapWords(text, Math.max(width - 2, 1)).slice(0, Math.max(height, 1));
	const above = Math.max(0, Math.floor((height - shown.length) / 2));
	const blank: Line = [];
	const padded = shown.map(
		(line): Line => [span(' '.repeat(Math.max(0, Math.floor((width - cells(line)) / 2)))), span(line, 'dim')],
	);
	return [...Array.from({length: above}, () => blank), ...padded];
}
