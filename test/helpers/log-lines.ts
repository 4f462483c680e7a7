import type {LogLine} from '../../source/api/logs.ts';

/** Returns an entry with a time in nanoseconds. */
export function logLine(timeNs: bigint | number, message = 'x', others: Partial<LogLine> = {}): LogLine {
	return {timeNs: BigInt(timeNs), level: 'INFO', message, replica: undefined, requestId: undefined, ...others};
}

/** Returns entries as `time message`, for comparison. */
export function linesAsText(lines: readonly LogLine[]): readonly string[] {
	return lines.map(({timeNs, message}) => `${timeNs} ${message}`);
}
