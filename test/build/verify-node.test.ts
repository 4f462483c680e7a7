import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

const root = path.join(import.meta.dirname, '..', '..');
const script = path.join(root, '.build', 'verify-node.mjs');
const installed = path.join('node_modules', 'node', 'package.json');

test('the Node.js installed for the scripts is the expected version', () => {
	const {status, stderr} = spawnSync(process.execPath, [script], {encoding: 'utf8'});
	assert.equal(status, 0, stderr);
});

test('a different binary in place of Node.js is rejected before anything runs it', {
	skip: process.platform !== 'linux' && 'no hash is known for this platform',
}, () => {
	const folder = temporaryFolder();
	mkdirSync(path.join(folder, 'node_modules', 'node', 'bin'), {recursive: true});
	writeFileSync(path.join(folder, installed), readFileSync(path.join(root, installed)));
	writeFileSync(path.join(folder, 'node_modules', 'node', 'bin', 'node'), '#!/bin/sh\necho another\n');
	const {status, stderr} = spawnSync(process.execPath, [script, folder], {encoding: 'utf8'});
	assert.match(stderr, /^node_modules\/node\/bin\/node isn't Node\.js .*Remove node_modules/);
	assert.equal(status, 1);
});

test('npm runs this check with its own Node.js before it builds', () => {
	const {scripts}: {scripts: {prepare: string}} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
	assert.match(scripts.prepare, /^"\$\{npm_node_execpath:-node\}" \.build\/verify-node\.mjs && npm run build$/);
});
