import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {Secret} from '../../source/api/secret.ts';
import {savePicture} from '../../source/app/save-picture.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

const picture = {svg: '<svg/>', text: 'screen', name: 'k4q95w5'};
const now = (): number => Date.UTC(2026, 10, 28, 17, 40, 1, 500);

test('pictures taken within the same second get distinct names, and replace neither files nor links', async () => {
	const folder = temporaryFolder();
	const stem = 'loops-top-k4q95w5-20261128T174001Z';
	writeFileSync(path.join(folder, `${stem}.svg`), 'mine');
	symlinkSync(path.join(folder, 'elsewhere'), path.join(folder, `${stem}-2.svg`));
	const where = {folder: () => folder, homeDirectory: path.dirname(folder), now, secret: undefined};
	const said = await Promise.all([savePicture(picture, where), savePicture(picture, where)]);
	assert.deepEqual(said.toSorted(), [
		`wrote ${stem}-3.svg in ~/${path.basename(folder)}`,
		`wrote ${stem}-4.svg in ~/${path.basename(folder)}`,
	]);
	assert.equal(readFileSync(path.join(folder, `${stem}.svg`), 'utf8'), 'mine');
	assert.ok(!existsSync(path.join(folder, 'elsewhere')));
	assert.equal(readFileSync(path.join(folder, `${stem}-4.svg`), 'utf8'), '<svg/>');
});

test("a name from a server can't lead outside the folder", async () => {
	const folder = temporaryFolder();
	for (const name of ['../../etc/x', '', '.', 'a b\nc', 'é'.repeat(300), '-rf']) {
		const where = {folder: () => folder, homeDirectory: '', now, secret: undefined};
		assert.match(await savePicture({...picture, name}, where), /^wrote loops-top-[\w-]+\.svg in \//);
	}

	assert.equal(readdirSync(folder).length, 6);
});

test('no picture is written if the screen shows the key in any form, or if the folder is missing', async () => {
	const folder = temporaryFolder();
	const secret = new Secret('sk-a-key-that-must-not-be-seen');
	const where = {folder: () => folder, homeDirectory: '', now, secret};
	for (const shown of ['sk-a-key-that-must-not-be-seen', 'SK-A-KEY-THAT-\nMUST-NOT-BE-SEEN']) {
		assert.match(await savePicture({...picture, text: `screen\n${shown}`}, where), /the screen shows your API key/);
	}

	assert.deepEqual(readdirSync(folder), []);
	assert.equal(
		await savePicture(picture, {...where, folder: () => path.join(folder, 'gone')}),
		'no SVG file was written in the current folder: no such file or directory',
	);
});
