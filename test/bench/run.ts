/**
 * Measures the built program, next to Node.js itself and any other installed monitors, and compares the result with
 * that of the previous run: `npm run bench`.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {loadavg} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {compareWith, comparison} from './against.ts';
import {buildCommit} from './build-commit.ts';
import {measureAllInside, measureGrowth, measureScale} from './from-inside.ts';
import {measureKeys} from './measure-keys.ts';
import {measureOverview} from './measure-overview.ts';
import {measurePackage} from './measure-package.ts';
import {measureStart} from './measure-start.ts';
import {measureSteady} from './measure-steady.ts';
import type {Values} from './measures.ts';
import {type Options, parts, readOptions, usage} from './options.ts';
import {installedYardsticks, loopsTop} from './programs.ts';
import {readmeTable, withTable} from './readme-table.ts';
import {keepResult, ownName, type Result, readLastResult} from './results.ts';
import {startSimulatedBaseten} from './simulated-baseten.ts';
import {growthLines, resultTable, scaleTable, slowestKeys} from './table.ts';

const root = path.join(import.meta.dirname, '..', '..');

function merge(programs: Map<string, Values>, found: ReadonlyMap<string, Values>): void {
	for (const [name, values] of found) {
		programs.set(name, {...programs.get(name), ...values});
	}
}

async function measureAll({only, rounds, minutes}: Options, before: Result | undefined): Promise<Result> {
	const isNeeded = (part: Options['only'][number]): boolean => only.includes(part);
	const isWhole = only.length === parts.length;
	const programs = new Map<string, Values>(isWhole ? [] : Object.entries(before?.programs ?? {}));
	let {growth, keys} = {growth: before?.growth ?? [], keys: before?.keys ?? {}};
	if (isNeeded('package')) {
		const {unpackedBytes, dependencies} = measurePackage(root);
		merge(programs, new Map([[ownName, {packageBytes: unpackedBytes, dependencies}]]));
	}

	const four = await startSimulatedBaseten('steady');
	if (isNeeded('start')) {
		merge(programs, await measureStart([loopsTop(four), ...installedYardsticks()], rounds));
	}

	if (isNeeded('steady')) {
		merge(programs, await measureSteady([loopsTop(four), ...installedYardsticks()], minutes));
	}

	await four.close();
	if (isNeeded('keys')) {
		const sixteen = await startSimulatedBaseten('fleet');
		// With this interval, only keypresses cause frames.
		merge(programs, new Map([[ownName, await measureKeys(loopsTop(sixteen, '--interval', '1h'), rounds)]]));
		await sixteen.close();
	}

	if (isNeeded('overview')) {
		merge(programs, new Map([[ownName, await measureOverview(minutes)]]));
	}

	if (isNeeded('inside')) {
		const inside = await measureAllInside(rounds, minutes);
		({keys} = inside);
		merge(programs, new Map([[ownName, inside.values]]));
	}

	if (isNeeded('growth')) {
		growth = await measureGrowth(rounds);
	}

	const {version: node} = process;
	const at = new Date().toISOString();
	return {at, node, load: loadavg(), minutes, programs: Object.fromEntries(programs), growth, keys};
}

const options = readOptions(process.argv.slice(2));
if (options === undefined) {
	process.stderr.write(usage);
	process.exit(2);
}

if (options.against !== undefined) {
	const commit = buildCommit(root, options.against);
	process.stdout.write(`${comparison(commit.name, await compareWith(commit, options))}\n`);
	process.exit();
}

if (options.nodes.length > 0) {
	process.stdout.write(`${scaleTable(await measureScale(options.nodes, options.rounds))}\n`);
	process.exit();
}

const before = readLastResult();
const result = await measureAll(options, before);
const {load, node} = result;
process.stdout.write(
	`${resultTable(result, before)}

Node ${node}, ${options.minutes} min, load ${load.map(one => one.toFixed(1)).join(' ')}. × is a multiple of Node's value; ! marks a value over its limit.

${growthLines(result)}

The slowest keys, 64×8 GPUs over 24h:
${slowestKeys(result, 5)}

Stored in ${path.relative(root, keepResult(result))}
`,
);
if (options.readme) {
	const file = path.join(root, 'docs', 'cost.md');
	writeFileSync(file, withTable(readFileSync(file, 'utf8'), readmeTable(result)));
}
