import {fstatSync, statSync} from 'node:fs';
import path from 'node:path';
import type {Configuration} from '../command-line/options.ts';
import {exitCodes, UserError} from '../errors/user-error.ts';

type Use = {readonly name: string; readonly identity: string | undefined};

/**
 * Refuses to write two things to one file, or to write to the recording that is replayed, by whatever names, links included.
 *
 * @throws UserError, exit code 2
 */
export function refuseSharedFiles({record, debug, source}: Configuration): void {
	if (record === undefined && debug === undefined) {
		return;
	}

	const replay = source.kind === 'replay' ? source.file : undefined;
	const uses: readonly Use[] = [
		{name: '--record', identity: identify(record)},
		{name: '--debug', identity: identify(debug)},
		{name: '--replay', identity: identify(replay)},
		{name: 'standard output', identity: identifyOutput()},
	];
	for (const [index, {name, identity}] of uses.entries()) {
		const other = uses.slice(index + 1).find(use => identity !== undefined && use.identity === identity);
		if (other !== undefined) {
			throw new UserError(`${name} and ${other.name} are the same file. Give each its own.`, exitCodes.usage);
		}
	}
}

/** The same for all names of a file, whether it is there yet or not; undefined if no file is named. */
function identify(file: string | undefined): string | undefined {
	if (file === undefined) {
		return undefined;
	}

	const there = statOf(file);
	const folder = there === undefined ? statOf(path.dirname(path.resolve(file))) : undefined;
	return there ?? (folder === undefined ? path.resolve(file) : `${folder} ${path.basename(file)}`);
}

/** The same for standard output if that is a file. */
function identifyOutput(): string | undefined {
	try {
		const stats = fstatSync(1);
		return stats.isFile() ? `${stats.dev}:${stats.ino}` : undefined;
	} catch {
		return undefined;
	}
}

function statOf(file: string): string | undefined {
	try {
		const {dev, ino} = statSync(file);
		return `${dev}:${ino}`;
	} catch {
		// Whoever opens it says what is wrong.
		return undefined;
	}
}
