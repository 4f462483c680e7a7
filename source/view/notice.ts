import {describeFailure} from '../api/failure.ts';
import {type State, shownPicture} from '../state/state.ts';
import {symbols} from '../theme.ts';
import {formatMoment, type Zone} from './clock-time.ts';
import {formatAge} from './format.ts';
import {cutWords, type Line, span} from './line.ts';
import {describeStatus} from './status-words.ts';

/** The one line that says what is amiss, worst first: a fault, a deployment that does not run, points that could not be read. */
export function noticeLine(state: State, width: number, zone: Zone): Line {
	const {link, deployment, snapshot, nowMs} = shownPicture(state);
	const inner = Math.max(width - 2, 0);
	if (link.kind === 'failing') {
		const ageMs = nowMs - link.sinceMs;
		const age = ageMs < 60_000 ? '' : ` (${formatAge(ageMs)})`;
		const since = link.answered ? `, since ${formatMoment(link.sinceMs, nowMs, zone)}${age}` : '';
		const words = `${describeFailure(link.failure)}${since} ${symbols.dot} r asks now`;
		return [span(` ${symbols.broken} `, 'bad'), span(cutWords(words, inner - 2), 'warn')];
	}

	const {status} = deployment ?? {};
	if (status !== undefined && status !== 'RUNNING') {
		const {mark, tone, clause} = describeStatus(status);
		return [span(` ${mark} `, tone), span(cutWords(`the deployment ${clause}`, inner - 2), 'warn')];
	}

	if (link.kind === 'no-metrics') {
		return [
			span(` ${symbols.waiting} ${cutWords('the server has no metrics of this deployment now', inner - 2)}`, 'warn'),
		];
	}

	const [problem] = snapshot.problems;
	if (problem !== undefined) {
		return [span(` ! ${cutWords(`the server's ${problem.field} ${problem.problem}`, inner - 2)}`, 'warn')];
	}

	const {dropped} = snapshot;
	return dropped > 0
		? [
				span(
					` ! ${cutWords(`${dropped} ${dropped === 1 ? 'point' : 'points'} of the last answer could not be read`, inner - 2)}`,
					'warn',
				),
			]
		: [];
}
