import assert from 'node:assert/strict';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';

/** Whether `npm run update` is running, in which case the output is stored instead of compared. */
export const isUpdating = process.env['UPDATE'] === '1';

const folder = path.join(import.meta.dirname, '..', 'screens');

/** Compares rows of text with those stored in `test/screens`, or, if `isUpdating`, stores the rows there. */
export function assertScreen(name: string, rows: readonly string[]): void {
	const file = path.join(folder, `${name}.txt`);
	const text = `${rows.join('\n')}\n`;
	if (isUpdating) {
		mkdirSync(folder, {recursive: true});
		writeFileSync(file, text);
	}

	assert.ok(existsSync(file), `test/screens/${name}.txt is missing. Create it with npm run update.`);
	assert.equal(
		text,
		readFileSync(file, 'utf8'),
		`test/screens/${name}.txt differs. Review the difference, and then run npm run update.`,
	);
}
