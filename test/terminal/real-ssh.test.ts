import {execFileSync, spawn} from 'node:child_process';
import {chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {userInfo} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {type TestContext, test} from 'node:test';
import {eventually} from '../helpers/eventually.ts';
import {freePort} from '../helpers/free-port.ts';
import {needs} from '../helpers/needs.ts';
import {openTerminal, program, runner} from '../helpers/real-terminal.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

/** Creates the key `user` in the folder, starts a local SSH server that accepts it, and returns the server's port. */
async function startServer(context: TestContext, folder: string): Promise<number> {
	const port = await freePort();
	for (const name of ['host', 'user']) {
		execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, name)]);
	}

	copyFileSync(path.join(folder, 'user.pub'), path.join(folder, 'authorized'));
	chmodSync(path.join(folder, 'authorized'), 0o600);
	const config = path.join(folder, 'config');
	const lines = [
		`Port ${port}`,
		'ListenAddress 127.0.0.1',
		`HostKey ${path.join(folder, 'host')}`,
		`AuthorizedKeysFile ${path.join(folder, 'authorized')}`,
		'PidFile none',
		'UsePAM no',
		'StrictModes no',
		'PasswordAuthentication no',
		'PermitRootLogin yes',
	];
	writeFileSync(config, `${lines.join('\n')}\n`);
	const file = execFileSync('sh', ['-c', 'command -v sshd'], {encoding: 'utf8'}).trim();
	if (userInfo().uid === 0) {
		// sshd doesn't start without this folder, which Debian's ssh service creates.
		mkdirSync('/run/sshd', {recursive: true});
	}

	const server = spawn(file, ['-D', '-e', '-f', config], {stdio: ['ignore', 'ignore', 'pipe']});
	context.after(() => server.kill());
	let said = '';
	server.stderr.setEncoding('utf8');
	await eventually(
		() => said.includes('listening') || undefined,
		look => {
			const read = (chunk: string): void => {
				said += chunk;
				look();
			};
			server.stderr.on('data', read);
			return () => server.stderr.off('data', read);
		},
		() => `sshd isn't listening. It wrote: ${said}`,
	);
	return port;
}

test('if the ssh client is killed, the program exits', {
	skip: needs('ssh', 'sshd', 'ssh-keygen'),
}, async context => {
	const folder = temporaryFolder();
	const port = await startServer(context, folder);
	const pidFile = path.join(folder, 'pid');
	const terminal = openTerminal({
		columns: 80,
		rows: 24,
		command: [
			...(['ssh', '-tt', '-F', '/dev/null', '-i', path.join(folder, 'user'), '-p', String(port)] as const),
			...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'IdentityAgent=none'],
			`${userInfo().username}@127.0.0.1`,
			`echo $$ >'${pidFile}'; exec '${runner}' '${program}' --demo single`,
		],
	});
	context.after(() => terminal.close());
	await terminal.waitFor(/1 of 1 reporting/);
	terminal.press('?');
	await terminal.waitFor('▸? Keys');
	const pid = Number(readFileSync(pidFile, 'utf8'));
	terminal.kill('SIGKILL');
	await eventually(
		() => !isRunning(pid) || undefined,
		look => {
			const timer = setInterval(look, 20);
			return () => clearInterval(timer);
		},
		() => `Process ${pid} is still running.`,
	);
});
