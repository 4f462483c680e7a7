import type {Configuration} from '../command-line/options.ts';
import {PlainLines} from '../output/plain/plain-lines.ts';
import type {Store} from '../state/store.ts';
import {toAsciiLines} from '../theme/theme.ts';
import {ringForFindings} from './notify.ts';

/** Starts printing a store as sentences, and rings if --bell is given. There are no colors and no symbols. */
export function speak({symbols, utc, bell}: Configuration, store: Store, stdout: NodeJS.WriteStream): PlainLines {
	const lines = new PlainLines({
		store,
		zone: utc ? 'utc' : 'local',
		write: text => stdout.write(symbols === 'ascii' ? toAsciiLines(text) : text),
	});
	lines.begin();
	if (bell && stdout.isTTY) {
		// With sentences, the bell is the only control character.
		ringForFindings(store, stdout, undefined);
	}

	return lines;
}
