#!/bin/sh
# meow reads an empty number as 0, a word as NaN, a number flag without a value as missing, and `--no-NAME` for a string flag as false.
#
# Expected: `flags: {interval: {type: 'number'}, key: {type: 'string'}}` yields a number or undefined, and a string or undefined, as the
#   types declare. For anything else, meow exits with a message, as it does for an unknown flag.
# Seen: `--interval=` is 0; `--interval soon` is NaN; `--interval` without a value is treated as missing; `--no-key` sets the string flag
#   to `false`, a boolean; `--record false` takes the word `false` as the value of the boolean flag, and removes it from the arguments.
#   None of these prints a message.
# Version: meow 14.1.0 (npm).
# Source: meow passes the arguments to yargs-parser, whose coercions are those of JavaScript (Number('') is 0).
# Why a monitor's author cares: with an interval of 0, a monitor polls without a pause, and an interval of NaN becomes a timer of one
#   millisecond; a script that writes `--interval="$SECONDS_BETWEEN"` with the variable unset gets an interval of 0 without a message.
#   Declare such flags as strings, reject empty ones, and parse the rest yourself.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . meow@14.1.0 >/dev/null
cat >run.mjs <<'JS'
import {readFileSync} from 'node:fs';
import meow from 'meow';

console.log('meow', JSON.parse(readFileSync('node_modules/meow/package.json', 'utf8')).version);
const flags = {interval: {type: 'number'}, key: {type: 'string'}, record: {type: 'boolean'}};
const read = argv => meow('', {importMeta: import.meta, argv, flags, allowUnknownFlags: false});
const seen = [['--interval='], ['--interval', 'soon'], ['--interval'], ['--no-key'], ['--record', 'false']].map(argv => {
	const {flags: {interval, key, record}, input} = read(argv);
	const line = `${argv.join(' ')}: interval ${interval}, key ${key}, record ${record}, ${input.length} arguments`;
	console.log(line);
	return line;
});
const expected = [
	'--interval=: interval 0, key undefined, record false, 0 arguments',
	'--interval soon: interval NaN, key undefined, record false, 0 arguments',
	'--interval: interval undefined, key undefined, record false, 0 arguments',
	'--no-key: interval undefined, key false, record false, 0 arguments',
	'--record false: interval undefined, key undefined, record false, 0 arguments',
];
process.exitCode = JSON.stringify(seen) === JSON.stringify(expected) ? 0 : 1;
JS
node run.mjs
