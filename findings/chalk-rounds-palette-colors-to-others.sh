#!/bin/sh
# chalk turns many colors of the 256-color palette into different, usually brighter colors of that palette.
#
# Expected: at level 2 (256 colors), a hex color that is an entry of the palette is written as that entry: #005f87 is 24.
# Seen: each channel is rounded to one of six evenly spaced levels, but the palette's levels are 0, 95, 135, 175, 215, 255. #005f87 becomes
#   31, which is #0087af; most of the 216 colors of the cube become different ones.
# Version: chalk 6.0.1 (npm).
# Source: xterm's 256-color palette: the color of the cube with the levels numbered r, g, and b, from 0 to 5, is entry 16 + 36 r + 6 g + b.
# Why a monitor's author cares: a tone chosen to have a contrast of 4.5:1 on white is written as a lighter color with a lower contrast. Write
#   `38;5;N` with chalk.ansi256(N).
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . chalk@6.0.1 >/dev/null
cat >run.mjs <<'JS'
import {readFileSync} from 'node:fs';
import {Chalk} from 'chalk';
console.log('chalk', JSON.parse(readFileSync('node_modules/chalk/package.json', 'utf8')).version);
const chalk = new Chalk({level: 2}), levels = [0, 95, 135, 175, 215, 255];
const written = hex => Number(/38;5;(\d+)/.exec(chalk.hex(hex)('x'))[1]);
const colors = levels.flatMap((r, i) => levels.flatMap((g, j) => levels.map((b, k) => [16 + 36 * i + 6 * j + k, `#${[r, g, b].map(v => v.toString(16).padStart(2, '0')).join('')}`])));
const wrong = colors.filter(([index, hex]) => written(hex) !== index);
const hexOf = index => colors.find(([one]) => one === index)?.[1] ?? `entry ${index}`;
console.log(`#005f87 (entry 24) is written as entry ${written('#005f87')}, ${hexOf(written('#005f87'))}`);
console.log(`${wrong.length} of ${colors.length} colors of the cube are written as another entry`);
process.exitCode = written('#005f87') === 31 && wrong.length > 100 ? 0 : 1;
JS
node run.mjs
