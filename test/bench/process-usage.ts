import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';

/**
 * The resource usage of a process so far: the CPU time of all its threads, user and system, and its main memory.
 * Private memory excludes the pages of files, because these pages are shared; it is undefined if the system doesn't
 * report it.
 */
export type Usage = {
	readonly cpuSeconds: number;
	readonly residentBytes: number;
	readonly privateBytes: number | undefined;
};

/** The number of ticks per second in the CPU times of /proc, on every architecture that Node.js supports. */
const ticksPerSecond = 100;

/** Parses /proc/PID/stat and /proc/PID/status. The name of the program is in parentheses, and can contain any character. */
export function readProc(stat: string, status: string): Usage {
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	const ticks = Number(fields[11]) + Number(fields[12]);
	const bytesOf = (name: string): number => Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
	return {cpuSeconds: ticks / ticksPerSecond, residentBytes: bytesOf('VmRSS'), privateBytes: bytesOf('RssAnon')};
}

/** Parses the output of `ps -o time= -o rss=`: `[days-][hours:]minutes:seconds[.hundredths]`, and KiB. */
export function readPs(line: string): Usage {
	const [time = '', kibibytes = ''] = line.trim().split(/\s+/);
	const [rest = '', days = '0'] = time.split('-').reverse();
	const seconds = rest.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
	const cpuSeconds = Number(days) * 86_400 + seconds;
	return {cpuSeconds, residentBytes: Number(kibibytes) * 1024, privateBytes: undefined};
}

/** Returns the resource usage of a process. Throws if there is no such process. */
export function usageOf(pid: number): Usage {
	const folder = `/proc/${pid}`;
	if (existsSync('/proc/self/stat')) {
		return readProc(readFileSync(`${folder}/stat`, 'utf8'), readFileSync(`${folder}/status`, 'utf8'));
	}

	return readPs(execFileSync('ps', ['-o', 'time=', '-o', 'rss=', '-p', String(pid)], {encoding: 'utf8'}));
}
