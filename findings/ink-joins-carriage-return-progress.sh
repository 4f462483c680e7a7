#!/bin/sh
# Ink shows all states of a progress bar next to each other in a single row.
#
# Expected: `10%\r20%\r30%` in a <Text> shows what a terminal would show in the end (30%), or is rejected.
# Seen: Ink removes only the \r characters, so the states are joined: 10%20%30%. Tabs are expanded to tab stops every 8 columns, counted from the
#   start of the text, not from the left edge of the screen.
# Version: ink 8.0.0, react 19.3.1, ink-testing-library 4.0.0 (npm).
# Why a monitor's author cares: training logs are full of tqdm bars. Reduce text to its last state before passing it to a component.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . ink@8.0.0 react@19.3.1 ink-testing-library@4.0.0 >/dev/null
cat >run.mjs <<'JS'
import {createRequire} from 'node:module';
import {Box, Text} from 'ink';
import {render} from 'ink-testing-library';
import {createElement as element} from 'react';
const require = createRequire(import.meta.url);
console.log('ink', JSON.parse(require('node:fs').readFileSync('node_modules/ink/package.json', 'utf8')).version);
const show = (...children) => { const {lastFrame, unmount} = render(element(Box, null, ...children)); const frame = lastFrame(); unmount(); return frame; };
const bar = show(element(Text, null, '10%\r20%\r30%'));
const tab = show(element(Text, null, 'abc'), element(Text, null, 'a\tb'));
console.log('"10%\\r20%\\r30%":', JSON.stringify(bar));
console.log('"abc" followed by "a\\tb":', JSON.stringify(tab), '(a terminal: "abca    b")');
process.exitCode = bar === '10%20%30%' && tab === 'abca       b' ? 0 : 1;
JS
COLUMNS=80 LINES=24 node run.mjs
