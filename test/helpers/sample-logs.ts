import type {Level, LogLine} from '../../source/api/logs.ts';
import type {Action} from '../../source/state/actions.ts';
import {toNs} from '../../source/state/logs.ts';
import {sampleNow} from './sample-state.ts';

const kinds: ReadonlyArray<readonly [level: Level | undefined, message: string]> = [
	['INFO', 'forward_backward step=412 tokens=18538 loss=1.4402 took=112ms'],
	['DEBUG', 'heartbeat gpu=[78% 82% 83% 83% 82% 81% 83% 82%]'],
	['WARNING', 'NCCL WARN [rank 21] AllReduce took 2.13s, usually 0.31s'],
	['INFO', 'optim_step step=412 lr=9.6e-05 grad_norm=0.430'],
	[
		undefined,
		'模型已加载 with a line that is longer than most screens are wide, as people who log whole requests like to have them: {"tokens": [1, 2, 3]}',
	],
	[
		'ERROR',
		'500 forward_backward failed\nTraceback (most recent call last):\n  File "/app/loops/engine.py", line 87, in step\n    loss.backward()\ntorch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.38 GiB',
	],
];

/** Returns entries from four replicas, one every seven seconds until just before the local time. */
function sampleLogLines(count = 200): readonly LogLine[] {
	return Array.from({length: count}, (_, index): LogLine => {
		const [level, message] = kinds[index % kinds.length] ?? ['INFO', ''];
		const replica = `loops-trainer-${(index * 7) % 4}`;
		const timeNs = toNs(sampleNow - (count - index) * 7000) + BigInt(index * 1001);
		return {timeNs, level, message, replica, requestId: level === 'ERROR' ? `req-${index}` : undefined};
	});
}

/**
 * Returns the poller's reports about these entries: an earlier range, and the newest one. The two minutes between them
 * aren't loaded.
 */
export function sampleLogs(lines = sampleLogLines()): readonly Action[] {
	const gapFromNs = toNs(sampleNow - 300_000);
	const gapToNs = toNs(sampleNow - 180_000);
	const loadedRange = (fromNs: bigint, toTimeNs: bigint): Action => ({
		type: 'sideRequestSucceeded',
		response: {
			kind: 'logs',
			level: 'DEBUG',
			loaded: {
				range: {
					fromNs,
					toNs: toTimeNs,
					lines: lines.filter(({timeNs}) => timeNs >= fromNs && timeNs <= toTimeNs),
					truncatedAt: [],
				},
				dropped: 0,
			},
		},
		atMs: sampleNow,
	});
	return [loadedRange(toNs(sampleNow - 3_600_000), gapFromNs), loadedRange(gapToNs, toNs(sampleNow))];
}
