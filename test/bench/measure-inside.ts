import {fork} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';
import {build} from 'esbuild';
import type * as z from 'zod';
import {bundleOptions} from '../../.build/bundle.ts';
import {engineFlags} from '../../source/node-setup.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

const major = Number.parseInt(process.versions.node, 10);

/** The flags that source/cli.ts sets at startup, and --expose-gc, with which garbage is collected before measuring. */
const execArgv = [...engineFlags(major), '--expose-gc'];

const root = path.join(import.meta.dirname, '..', '..');
const folder = path.join(import.meta.dirname, 'inside');

/**
 * Runs a script that measures a part of the program. The script is built like the program, and runs in a separate
 * process.
 *
 * @param name the name of the script in `inside`; the script sends one message, which is returned
 * @throws if the process exits without a message, or if the message is invalid
 */
export async function measureInside<Message>(
	name: string,
	message: z.ZodType<Message>,
	...args: readonly number[]
): Promise<Message> {
	const outdir = temporaryFolder();
	const outExtension = {'.js': '.mjs'};
	await build({...bundleOptions(root), entryPoints: [path.join(folder, name)], outdir, outExtension});
	const file = path.join(outdir, name.replace(/\.tsx?$/, '.mjs'));
	const child = fork(file, args.map(String), {
		execArgv,
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	const ended = once(child, 'exit').then(([code]) => {
		throw new Error(`${name} ended with ${code}`);
	});
	const [reported] = await Promise.race([once(child, 'message'), ended]);
	await ended.catch(() => undefined);
	return message.parse(reported);
}
