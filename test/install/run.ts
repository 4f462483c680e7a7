/**
 * Runs the tests in `test/terminal` on the installed package, with each Node.js version that is found: `npm run
 * test:package -- [NODE…] [TEST…]`. The arguments are the paths of additional versions of Node.js, and of tests to run
 * instead of all tests.
 */
import {spawnSync} from 'node:child_process';
import {readdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {findVersions} from '../helpers/node-versions.ts';
import {installPackage} from './install.ts';

const tests = path.join(import.meta.dirname, '..', 'terminal');

/** Tests of parts that aren't in the package, and tests that cover every Node.js version themselves. */
const others = new Set(['dev.test.ts', 'versions.test.ts']);

const [nodes, files] = [false, true].map(isTest =>
	process.argv.slice(2).filter(argument => argument.endsWith('.test.ts') === isTest),
);
const asked = files?.length
	? files
	: readdirSync(tests).flatMap(name => (isTest(name) ? [path.join(tests, name)] : []));

function isTest(name: string): boolean {
	return name.endsWith('.test.ts') && !others.has(name);
}

const {program, prefix} = installPackage();
let exitCode = 0;
for (const [version, node] of findVersions(nodes)) {
	process.stdout.write(`Node.js ${version}: ${asked.length} test files on ${program}\n`);
	const env = {...process.env, LOOPS_TOP_PROGRAM: program};
	const {status} = spawnSync(node, ['--import=tsx', '--test', '--test-reporter=spec', ...asked], {
		env,
		stdio: 'inherit',
	});
	exitCode ||= status ?? 1;
}

rmSync(prefix, {recursive: true});
process.exitCode = exitCode;
