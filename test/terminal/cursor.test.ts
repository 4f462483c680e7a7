import assert from 'node:assert/strict';
import {test} from 'node:test';
import {statusQuery} from '../../source/terminal/queries.ts';
import {openTerminal, type RealTerminal} from '../helpers/real-terminal.ts';
import {healthy} from '../helpers/served.ts';
import {startRig} from './rig.ts';

const shown = '\u001b[?25h';
/** The sequence that ends a synchronized update. */
const frameEnd = '\u001b[?2026l';
const hidden = '\u001b[?25l';

function isCursorShown(terminal: RealTerminal): boolean {
	const written = terminal.written();
	return written.lastIndexOf(shown) > written.lastIndexOf(hidden);
}

/** Waits until the terminal's own cursor is visible, and the rest of its row, which begins at the cursor, matches. */
async function waitForCursor(terminal: RealTerminal, wanted: RegExp): Promise<void> {
	await terminal.waitFor(rows => {
		const cursor = terminal.cursor();
		return cursor !== undefined && wanted.test(rows[cursor.y]?.slice(cursor.x) ?? '');
	});
}

test("the terminal's own cursor follows the selection in panes and lists, and text that is typed", async context => {
	const {terminal} = await startRig(context, {columns: 100, rows: 30, respond: healthy({diskShare: 0.95})});
	await waitForCursor(terminal, /^▸loops-trainer-0!/);
	terminal.press('jj');
	await waitForCursor(terminal, /^▸loops-trainer-2!/);
	terminal.press('n');
	await waitForCursor(terminal, /^▸! disk +loops-trainer-0 /);
	terminal.press('\u001b');
	await waitForCursor(terminal, /^▸loops-trainer-2!/);
	terminal.press('/train');
	await waitForCursor(terminal, /^▁ +4 of 4 match/);
	terminal.press('\u001b');
	await waitForCursor(terminal, /^▸loops-trainer-2!/);
	terminal.press('4f');
	await waitForCursor(terminal, /^▸ 0 ▆/);
});

test('the cursor is hidden without a selection, and shown again when the program exits', async context => {
	const {terminal} = await startRig(context, {columns: 100, rows: 30});
	await waitForCursor(terminal, /^▸loops-trainer-0 /);
	terminal.press('2f');
	await terminal.waitFor(() => terminal.cursor() === undefined);
	terminal.press('q');
	assert.equal((await terminal.exit).exitCode, 0);
	assert.ok(isCursorShown(terminal));
});

test("if the cursor doesn't move, nothing is written for a frame without changes", async context => {
	const {terminal} = await startRig(context, {columns: 100, rows: 30, args: ['-i', '1h']});
	await waitForCursor(terminal, /^▸loops-trainer-0 /);
	const writtenFor = async (keys: string, row: RegExp): Promise<string> => {
		const {length} = terminal.written();
		terminal.press(keys);
		await waitForCursor(terminal, row);
		await terminal.waitFor(() => terminal.written().replaceAll(statusQuery, '').endsWith(frameEnd));
		return terminal.written().slice(length).replaceAll(statusQuery, '');
	};
	await writtenFor('j', /^▸loops-trainer-1 .* 81%/);
	await writtenFor('k', /^▸loops-trainer-0 /);
	const once = await writtenFor('j', /^▸loops-trainer-1 /);
	await writtenFor('k', /^▸loops-trainer-0 /);
	// The first row is already selected.
	terminal.press('g');
	terminal.press('g');
	assert.equal(await writtenFor('j', /^▸loops-trainer-1 /), once);
});

test('a test sees a frame only after the whole frame has arrived', async context => {
	const script = String.raw`stty -echo; printf '\033[?2026h\033[Hone\033[?2026l\033[?2026h\033[Htwo'; read -r _; printf ' three\033[?2026l'; read -r _`;
	const terminal = openTerminal({columns: 20, rows: 5, command: ['sh', '-c', script]});
	context.after(() => terminal.close());
	await terminal.waitFor(() => terminal.written().endsWith('two'));
	assert.deepEqual([terminal.screen()[0], terminal.cursor()], ['one', {x: 3, y: 0}]);
	terminal.press('\r');
	await terminal.waitFor(/^two three$/m);
});
