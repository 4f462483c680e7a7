import type {Result} from '../api/failure.ts';
import type {MetricsResponse} from '../api/metrics-response.ts';
import {toAction} from '../polling/metrics-result.ts';
import type {Action} from '../state/actions.ts';
import {findingsWindow, type State} from '../state/state.ts';
import type {DecodedOf} from './decode-response.ts';
import {downsample} from './downsample.ts';

/**
 * Returns the response for its own window, and for visible ones that weren't requested at the time of the recording.
 */
export function replayMetrics(
	{query, answeredMs: atMs, window: recordedWindow}: DecodedOf<'trainer'>,
	{value: response, tookMs}: Extract<Result<MetricsResponse>, {ok: true}>,
	{components}: State,
): readonly Action[] {
	const {kind, window, range} = query;
	const own = toAction({kind: 'metrics', response, tookMs}, {kind, window: window.name, range}, atMs);
	if (kind === 'past' || window.name !== findingsWindow.name) {
		return [own];
	}

	const unasked = components.trainer.histories.filter(
		({complete, window: {name}}) => complete && name !== recordedWindow && name !== findingsWindow.name,
	);
	const others = unasked.map(({window: {name, stepMs}}): Action => {
		const part = {startMs: range.startMs, endMs: Math.ceil(range.endMs / stepMs) * stepMs};
		const known = downsample(response, {...part, stepMs});
		return {
			type: 'metricsReceived',
			kind: 'live',
			window: name,
			response: known,
			range: {...part, whole: false},
			atMs,
			tookMs,
		};
	});
	return [own, ...others];
}
