import {once} from 'node:events';
import process from 'node:process';

/**
 * Ends as SIGHUP ends a program, which it also does where nobody but the terminal itself tells that it is gone. By the
 * signal, because Node 20 crashes on the way out when there is no terminal to give back.
 */
export function endHungUp(): never {
	process.removeAllListeners('SIGHUP');
	process.kill(process.pid, 'SIGHUP');
	process.exit(129);
}

/** Once that is done, a signal ends the program as it would have; a second one does at once. */
export function beforeEnding(giveBack: () => Promise<void>): void {
	for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			void giveBack().finally(() => process.kill(process.pid, signal));
		});
	}
}

/** Stops the process as ctrl-z does everywhere; resolves when the shell lets it go on. */
export async function suspend(): Promise<void> {
	const resumed = once(process, 'SIGCONT');
	process.kill(process.pid, 'SIGTSTP');
	await resumed;
}
