#!/bin/sh
# @prometheus-io/client treats label values of null, undefined, and '' as the same series.
#
# Expected: '' is a value like any other (Prometheus reads an empty label as an absent one), and null either throws or is
#   a series of its own.
# Seen: the three overwrite each other, and the first one determines the label: here, the text "null" with the value that
#   was set for ''. In the reverse order, the text "null" doesn't appear.
# Version: @prometheus-io/client 0.16.1 (npm), the successor of prom-client.
# Why a monitor's author cares: findings about the whole deployment have no node. If one code path passes null and another passes
#   '', a series node="null" appears with the wrong value.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . @prometheus-io/client@0.16.1 >/dev/null
cat >run.mjs <<'JS'
import {createRequire} from 'node:module';
import {Gauge, Registry} from '@prometheus-io/client';
console.log('@prometheus-io/client', createRequire(import.meta.url)('./node_modules/@prometheus-io/client/package.json').version);
const expose = async values => {
	const registry = new Registry();
	const gauge = new Gauge({name: 'found', help: 'x', labelNames: ['node'], registers: [registry]});
	values.forEach((node, index) => { gauge.set({node}, index + 1); });
	return (await registry.metrics()).split('\n').filter(line => line.startsWith('found')).join(' | ');
};
const nullFirst = await expose([null, undefined, '']), emptyFirst = await expose(['', null]);
console.log('null = 1, undefined = 2, "" = 3:', nullFirst);
console.log('"" = 1, null = 2:', emptyFirst);
process.exitCode = nullFirst === 'found{node="null"} 3' && !emptyFirst.includes('|') && emptyFirst.endsWith(' 2') ? 0 : 1;
JS
node run.mjs
