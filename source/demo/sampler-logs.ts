import {type LogEvent, type LogEvents, tickMs} from './log-events.ts';
import type {LogSource} from './routes.ts';
import {replicaNames, replicasAt, samplerStatusAt} from './sampler.ts';
import type {Setting} from './troubles.ts';
import {createNoise} from './troubles.ts';

/** Keys of the noise, distinct from those of the metrics and of the trainer's logs. */
const keys = {when: 30_000, tokens: 31_000, failed: 32_000} as const;

/** The sampler takes the trainer's new weights this often. */
const weightsEveryMs = 60_000;

/** Returns what the replicas of a setting's sampler log: generations, new weights, a replica that comes and goes. */
export function samplerLogs(setting: Setting): LogSource {
	return {eventsOf: createEvents(setting), replicaOf: node => replicaNames[node] ?? ''};
}

function createEvents(setting: Setting): LogEvents {
	const noise = createNoise(setting.seed);
	return timeMs => {
		const tick = timeMs / tickMs;
		const running = samplerStatusAt(setting, timeMs) === 'ACTIVE' ? replicasAt(timeMs) : 0;
		return replicaNames
			.flatMap((_, node): readonly LogEvent[] => {
				const afterMs = ((node + noise(keys.when + node, tick)) / replicaNames.length) * tickMs;
				const share = noise(keys.tokens + node, tick);
				const say = (level: LogEvent['level'], text: string): LogEvent => ({afterMs, level, node, message: () => text});
				if (node >= running) {
					return running > 0 && replicasAt(timeMs - tickMs) > node
						? [say('INFO', 'replica is shutting down: no requests left')]
						: [];
				}

				const starting = replicasAt(timeMs - tickMs) <= node ? [say('INFO', 'engine is ready, 2 GPUs')] : [];
				const weights = timeMs % weightsEveryMs < tickMs ? [say('INFO', `loaded weights ${Math.floor(tick)}`)] : [];
				const failed =
					noise(keys.failed + node, tick) > 0.97 ? [say('WARNING', 'request timed out in the queue after 30 s')] : [];
				const tokens = Math.round(900 + 2400 * share);
				const hits = Math.round(40 + 50 * share);
				return [
					...starting,
					...weights,
					...failed,
					say('INFO', `generated ${tokens} tokens in ${Math.round(2 + 6 * share)} requests, KV cache hits ${hits}%`),
				];
			})
			.sort((a, b) => a.afterMs - b.afterMs);
	};
}
