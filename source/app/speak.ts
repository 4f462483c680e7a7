import type {Configuration} from '../command-line/options.ts';
import {PlainLines} from '../output/plain/plain-lines.ts';
import type {Store} from '../state/store.ts';
import {toAscii} from '../theme/theme.ts';
import {ringForFindings} from './notify.ts';

/** Begins to tell in sentences what a store holds, and to ring where that is wanted. Colours and symbols there are none. */
export function tellPlainly({symbols, utc, bell}: Configuration, store: Store, stdout: NodeJS.WriteStream): PlainLines {
	const lines = new PlainLines({
		store,
		zone: utc ? 'utc' : 'local',
		write: text => stdout.write(symbols === 'ascii' ? toAsciiLines(text) : text),
	});
	lines.begin();
	if (bell && stdout.isTTY) {
		// Where sentences are wanted, the bell is all that is written beside them.
		ringForFindings(store, stdout, undefined);
	}

	return lines;
}

function toAsciiLines(text: string): string {
	return text.split('\n').map(toAscii).join('\n');
}
