import type {LogLine} from '../../source/api/logs.ts';

/** A line at a time in nanoseconds. */
export function logLine(timeNs: bigint | number, message = 'x', others: Partial<LogLine> = {}): LogLine {
	return {timeNs: BigInt(timeNs), level: 'INFO', message, replica: undefined, requestId: undefined, ...others};
}

/** The lines as `time message`, for comparison. */
export function linesAsText(lines: readonly LogLine[]): readonly string[] {
	return lines.map(({timeNs, message}) => `${timeNs} ${message}`);
}
