import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import process from 'node:process';
import {test} from 'node:test';
import {program, runner} from '../helpers/real-terminal.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

/** The limit on open files at which the test starts. Node.js itself opens about twenty files. */
const fewest = 16;
/** The limit on open files at which the test stops trying. */
const most = 60;

test("with too few file descriptors, one line reports this, regardless of which file can't be opened", {
	timeout: 300_000,
}, context => {
	const env = {PATH: process.env['PATH'], HOME: temporaryFolder(), XDG_CACHE_HOME: temporaryFolder(), LANG: 'C.UTF-8'};
	const said = new Map<number, string>();
	let limit = fewest;
	for (let status: number | null = 1; status !== 0 && limit < most; limit++) {
		const command = `ulimit -n ${limit} && exec "$@"`;
		const args = ['-c', command, 'sh', runner, program, '--demo', 'straggler', '-o', 'text'];
		const ended = spawnSync('sh', args, {env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});
		({status} = ended);
		if (status !== 0 && ended.stderr.includes('loops-top:')) {
			said.set(limit, ended.stderr);
		}
	}

	context.diagnostic(`a limit of ${limit - 1} is enough; limits with a message: ${[...said.keys()].join(', ')}`);
	assert.ok(limit < most);
	for (const [files, sentence] of said) {
		// The demo's server is in the same process, so it might be the part that can't open another file.
		assert.match(
			sentence,
			/^loops-top: (?:Too many files are open\. Raise the limit with `ulimit -n`\.|Couldn't load deployment .*)\n$/,
			`unexpected message with a limit of ${files} open files`,
		);
	}
});
