import {type ChildProcess, spawn} from 'node:child_process';
import process from 'node:process';
import {targetName} from '../api/target.ts';
import {type Environment, withoutKeys} from '../credentials/host-environment.ts';
import {type Finding, nodeOf, ranksOf} from '../metrics/findings.ts';
import {changesBetween} from '../metrics/known-findings.ts';
import {jsonFinding} from '../output/json.ts';
import type {State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {followFindings} from './notify.ts';

/** The input of the command: `fields` as variables (`LOOPS_TOP_RULE`), and `json` on its standard input. */
export type FindingEvent = {
	readonly fields: Readonly<Record<'RULE' | 'ID' | 'STATE' | 'SUBJECT' | 'MESSAGE' | 'DEPLOYMENT', string>>;
	readonly json: string;
};

type FindingCommand = {
	/** Runs the command with this event, after all earlier events; drops the event if the queue is full. */
	readonly run: (event: FindingEvent) => void;
	/** Resolves when no command is running and no event is queued. */
	readonly settled: () => Promise<void>;
	/** Kills the running command with its whole process group, and drops the queue. Returns immediately. */
	readonly stop: () => void;
};

/** The command, its environment, and its limits. */
export type FindingCommandOptions = {
	/** The command exactly as the user wrote it: the shell runs it, and it never contains text from a server. */
	readonly command: string;
	readonly environment: Environment;
	/** Called with one line for each command that failed, and for dropped events. */
	readonly report: (problem: string) => void;
	/** The time limit for one command, in milliseconds. */
	readonly limitMs?: number;
	/** The maximum length of the queue. */
	readonly maxWaiting?: number;
};

const defaultLimitMs = 30_000;
const defaultMaxWaiting = 100;

/**
 * The maximum length of a variable's value, in UTF-16 code units: Linux refuses to start a program if a variable takes
 * 128 KiB or more. Standard input receives the complete event.
 */
const longestValue = 32_768;

/**
 * Runs the user's command once for each event, sequentially, without a terminal, and without the API key in its
 * environment. A command that runs longer than the limit is killed. If the queue is full, new events are dropped.
 */
export function createFindingCommand(options: FindingCommandOptions): FindingCommand {
	const {command, environment, report, limitMs = defaultLimitMs, maxWaiting = defaultMaxWaiting} = options;
	const waiting: FindingEvent[] = [];
	let running: ChildProcess | undefined;
	let dropped = 0;
	const listeners: Array<() => void> = [];
	const becomeIdle = (): void => {
		for (const resolve of listeners.splice(0)) {
			resolve();
		}
	};

	const next = (): void => {
		running = undefined;
		if (dropped > 0 && waiting.length === 0) {
			report(`--on-finding is too slow: ${dropped} ${dropped === 1 ? 'event was' : 'events were'} dropped`);
			dropped = 0;
		}

		const event = waiting.shift();
		if (event === undefined) {
			becomeIdle();
			return;
		}

		start(event);
	};

	const start = (event: FindingEvent): void => {
		const env = {...withoutKeys(environment), ...variablesOf(event)};
		let child: ChildProcess;
		try {
			// The command runs in its own process group, so that all its processes can be killed, and without a
			// terminal, because it could read keystrokes from one.
			child = spawn(command, {shell: true, detached: true, stdio: ['pipe', 'ignore', 'ignore'], env});
		} catch (error) {
			report(`--on-finding can't be started: ${error instanceof Error ? error.message : String(error)}`);
			next();
			return;
		}

		running = child;
		let hasTimedOut = false;
		const timer = setTimeout(() => {
			hasTimedOut = true;
			killGroup(child);
		}, limitMs);
		const end = (problem: string | undefined): void => {
			clearTimeout(timer);
			if (running !== child) {
				return;
			}

			if (problem !== undefined) {
				report(problem);
			}

			next();
		};
		child.on('error', error => end(`--on-finding can't be started: ${error.message}`));
		// This listens to `exit` rather than `close`, because a process that the command leaves behind can keep the
		// pipes open.
		child.on('exit', (code, signal) => {
			const seconds = Math.round(limitMs / 1000);
			const ending = signal === null ? `exit code ${code ?? 'unknown'}` : signal;
			end(
				hasTimedOut
					? `--on-finding was killed after ${seconds}s (${event.fields.RULE})`
					: code === 0
						? undefined
						: `--on-finding failed with ${ending} (${event.fields.RULE})`,
			);
		});
		// It isn't a failure if the command doesn't read its input.
		child.stdin?.on('error', () => undefined);
		child.stdin?.end(`${event.json}\n`);
	};

	return {
		run(event) {
			if (running === undefined) {
				start(event);
			} else if (waiting.length < maxWaiting) {
				waiting.push(event);
			} else {
				dropped++;
			}
		},
		async settled() {
			return new Promise(resolve => {
				listeners.push(resolve);
				if (running === undefined) {
					becomeIdle();
				}
			});
		},
		stop() {
			waiting.length = 0;
			const child = running;
			running = undefined;
			becomeIdle();
			if (child !== undefined) {
				killGroup(child);
			}
		},
	};
}

function variablesOf({fields}: FindingEvent): Record<string, string> {
	const values = Object.entries(fields).map(([name, text]) => [
		`LOOPS_TOP_${name}`,
		text.replaceAll('\0', '').slice(0, longestValue),
	]);
	return Object.fromEntries(values) as Record<string, string>;
}

/** Kills a process and its group. Windows has no process groups, so only the process is killed. */
function killGroup(child: ChildProcess): void {
	const {pid} = child;
	if (pid === undefined) {
		return;
	}

	try {
		process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
	} catch {
		// The process has already ended.
	}
}

type OnFindingOptions = {
	/** The shell command of `--on-finding`; if it is undefined, nothing runs. */
	readonly command: string | undefined;
	/** Called with one line about a command that failed, or about dropped events. */
	readonly report: (problem: string) => void;
};

/** The commands that run for findings. */
type Alerts = {
	/** Resolves when no command is running or queued. */
	readonly settled: () => Promise<void>;
	/** Starts no more commands, and kills the current one. */
	readonly stop: () => void;
};

/**
 * Runs the user's command whenever a finding of any polled deployment becomes active, gets worse, or is resolved. A
 * finding that is active in the first evaluation counts as newly active; becoming unknown, or known again, isn't an
 * event.
 *
 * Findings are followed until `stop` is called.
 */
export function runOnFinding(store: Store, {command, report}: OnFindingOptions): Alerts {
	if (command === undefined) {
		return {settled: async () => undefined, stop: () => undefined};
	}

	const runner = createFindingCommand({command, environment: process.env, report});
	// A command in its own process group would otherwise outlive this process.
	process.once('exit', runner.stop);
	const unsubscribe = followFindings(store, (before, after, state) => {
		const {appeared, worsened, resolved} = changesBetween(before, after);
		for (const finding of [...appeared, ...worsened, ...resolved]) {
			runner.run(eventOf(finding, state));
		}
	});
	return {
		settled: async () => runner.settled(),
		stop() {
			unsubscribe();
			process.removeListener('exit', runner.stop);
			runner.stop();
		},
	};
}

function eventOf(finding: Finding, state: State): FindingEvent {
	const {target, live} = state;
	const json = jsonFinding(finding, state);
	const id = targetName(target);
	const ranks = ranksOf(finding);
	return {
		fields: {
			RULE: finding.rule,
			ID: json.id,
			STATE: finding.state,
			SUBJECT: [nodeOf(finding) ?? 'deployment', ...(ranks.length === 0 ? [] : [`GPU ${ranks.join(',')}`])].join(' '),
			MESSAGE: json.message,
			DEPLOYMENT: id,
		},
		json: JSON.stringify({
			schema: 'loops-top/1',
			type: 'finding',
			deployment: {id, model: live.deployment?.baseModel ?? null},
			...json,
		}),
	};
}
