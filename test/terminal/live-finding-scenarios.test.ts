import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {existsSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {type TestContext, test} from 'node:test';
import {eventually} from '../helpers/eventually.ts';
import {type FindingScenario, findingScenarios} from '../helpers/finding-scenarios.ts';
import {openTerminal, program, runner, runProgram} from '../helpers/real-terminal.ts';
import {type Reply, startScriptedServer} from '../helpers/scripted-server.ts';
import {askedSchema, isMetrics} from '../helpers/served.ts';
import {bodyOf, deploymentBodyAt, minute, noon} from '../helpers/simulated-deployment.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';
import {key} from './rig.ts';

const preload = path.join(import.meta.dirname, '..', 'helpers', 'moved-clock.mjs');

/**
 * The minutes after noon at which the outputs are compared. No finding changes in the minute
 * before or the half minute after any of these times.
 */
const looks = [0, 4.5, 8.5, 12, 14, 18.5, 20, 25, 60, 184];

/** Polls until there is a result, because files and servers emit no events. */
async function until<Value>(find: () => Value | undefined, describe: () => string): Promise<Value> {
	return eventually(
		find,
		listener => {
			const timer = setInterval(listener, 25);
			return () => clearInterval(timer);
		},
		describe,
	);
}

type Finding = {
	readonly rule: string;
	readonly id: string;
	readonly state: 'active' | 'unknown' | 'resolved';
	readonly subject: {readonly node: string | null; readonly gpus: readonly string[] | null};
};

type Line = {
	readonly window: {readonly end: string};
	readonly nodes: ReadonlyArray<{readonly id: string; readonly reporting: boolean}>;
	readonly findings: readonly Finding[] | null;
};

/** Starts the built program in four modes, which share one server and a clock that the test controls. */
async function startScenario(context: TestContext, {model}: FindingScenario) {
	const home = temporaryFolder();
	const clock = path.join(home, 'clock');
	let minutes = 0;
	const move = (to: number): void => {
		minutes = to;
		// The file is replaced in a single step, because the programs can read it at any time.
		writeFileSync(`${clock}.new`, String(noon + to * minute + 1000 - Date.now()));
		renameSync(`${clock}.new`, clock);
	};
	move(0);
	const server = await startScriptedServer(request => {
		const json = (): object | undefined => {
			if (isMetrics(request)) {
				const {start_epoch_millis: startMs, end_epoch_millis: endMs} = askedSchema.parse(request.body);
				return {
					metrics: bodyOf(model, (startMs - noon) / minute, Math.min((endMs - noon) / minute, minutes)),
				};
			}

			return request.path === '/v1/loops/deployments/k4q95w5' ? deploymentBodyAt(model, minutes) : undefined;
		};
		const body = json();
		// Sends no Date header, because it would set the programs' clocks to this machine's time.
		const reply: Reply = response => {
			response.sendDate = false;
			response
				.writeHead(body === undefined ? 404 : 200, {'content-type': 'application/json'})
				.end(JSON.stringify(body));
		};
		return reply;
	});
	const env = {BASETEN_API_KEY: key, NODE_OPTIONS: `--import=${preload}`, CLOCK_FILE: clock};
	const args = ['k4q95w5', '--api-url', server.url, '--utc'];
	const onFinding = (name: string): readonly string[] => [
		'--on-finding',
		`cat > /dev/null; echo "$LOOPS_TOP_STATE $LOOPS_TOP_ID" >> ${path.join(home, name)}`,
	];
	const start = (extra: readonly string[]) => {
		const child = spawn(runner, [program, ...args, '-i', '2', ...extra], {
			env: {PATH: process.env['PATH'], HOME: temporaryFolder(), LANG: 'C.UTF-8', ...env},
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		context.after(() => child.kill('SIGKILL'));
		let output = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (chunk: string) => {
				output += chunk;
			});
		}

		return () => output;
	};
	context.after(() => server.close());
	const terminal = openTerminal({
		columns: 160,
		rows: 45,
		args: [...args, '-i', '2', '--bell', ...onFinding('screen')],
		env,
	});
	context.after(() => terminal.close());
	let rings = 0;
	terminal.emulator.onBell(() => {
		rings++;
	});
	const jsonl = start(['-o', 'jsonl']);
	const plain = start(['--plain']);
	const listening = start(['--listen', '0', ...onFinding('listen')]);
	const url = await until(() => /serving (\S+)\n/.exec(listening())?.[1], listening);
	const events = (name: string): readonly string[] => {
		const file = path.join(home, name);
		return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
	};
	return {
		move,
		events,
		terminal,
		plain,
		rings: () => rings,
		lines: (): readonly Line[] =>
			jsonl()
				.split('\n')
				.slice(0, -1)
				.map(line => JSON.parse(line) as Line),
		scrape: async (): Promise<string> => (await fetch(url)).text(),
		once: async () => runProgram([...args, '-o', 'text', '--fail-on', 'any'], {env}),
	};
}

/** Returns the IDs of the findings that remain after these events, sorted. */
function leftOf(events: readonly string[]): readonly string[] {
	const left = new Set<string>();
	for (const event of events) {
		const [state, ...id] = event.split(' ');
		if (state === 'active') {
			left.add(id.join(' '));
		} else {
			left.delete(id.join(' '));
		}
	}

	return [...left].sort();
}

type Labels = Readonly<Record<string, string>>;

/** Returns the labels of all samples of a metric. */
function labelsOf(exposition: string, metric: string): readonly Labels[] {
	return [...exposition.matchAll(new RegExp(`^${metric}\\{(.*)\\} `, 'gm'))].map(([, labels = '']) =>
		Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value])),
	);
}

const outline = (findings: readonly Finding[]): string => findings.map(({state, id}) => `${state} ${id}`).join();

for (const scenario of findingScenarios) {
	const {what, found, events, until: end} = scenario;
	test(`${what}: the live screen, sentences, JSON, text, Prometheus, --on-finding, bell, and exit code agree`, async context => {
		const {move, lines, scrape, terminal, plain, once, rings, events: ranFor} = await startScenario(context, scenario);
		// A line can be from a request that was sent before the clock was moved.
		const lineAfter = async (minutes: number): Promise<Line> =>
			until(
				() =>
					lines().findLast(
						({window, findings: all}) => all !== null && Date.parse(window.end) > noon + minutes * minute,
					),
				() => `${minutes}: ${JSON.stringify(lines().at(-1))}`,
			);
		// A response on its way would seem stale after a longer step.
		const moveTo = async (minutes: number): Promise<void> => {
			for (let step = at + 2; step < minutes && step < 25; step += 2) {
				move(step);
				await lineAfter(step);
			}

			at = minutes;
			move(minutes);
		};
		let at = 0;
		let before: string | undefined;
		let hasChanged = false;
		for (const minutes of looks.filter(look => look <= end)) {
			await moveTo(minutes);
			const {findings, nodes} = await lineAfter(minutes);
			const current = (findings ?? []).filter(({state}) => state !== 'resolved');
			const active = current.filter(({state}) => state === 'active');
			const unknown = current.filter(({state}) => state === 'unknown').map(({id}) => id);
			const says = `${minutes}: ${outline(current)}`;

			// Prometheus has the same active findings, and no values of a node that doesn't report.
			const wanted = active.flatMap(({rule, subject: {node, gpus}}) =>
				(gpus ?? ['']).map(gpu => `${rule} ${node ?? ''} ${gpu}`),
			);
			let exposition = '';
			await until(
				() => {
					void scrape().then(
						text => {
							exposition = text;
						},
						() => undefined,
					);
					const seen = labelsOf(exposition, 'loops_top_finding').map(({rule, node, gpu}) => `${rule} ${node} ${gpu}`);
					const newest = /^loops_nodes_reporting\{.*\} (\d+)/m.exec(exposition)?.[1];
					const reporting = nodes.filter(node => node.reporting).length;
					return seen.sort().join() === [...wanted].sort().join() && newest === String(reporting) ? true : undefined;
				},
				() => `${says}; ${exposition}`,
			);
			const silent = new Set(nodes.filter(({reporting}) => !reporting).map(({id}) => id));
			for (const metric of [
				'loops_gpu_utilization_ratio',
				'loops_memory_used_bytes',
				'loops_ephemeral_storage_used_ratio',
			]) {
				assert.ok(
					labelsOf(exposition, metric).every(({node = ''}) => !silent.has(node)),
					`${says}; ${exposition}`,
				);
			}

			// Both the program with the screen and the one with --listen ran the command for the same findings.
			const stands = [...active.map(({id}) => id), ...unknown].sort().join();
			for (const name of ['screen', 'listen']) {
				await until(
					() => (leftOf(ranFor(name)).join() === stands ? true : undefined),
					() => `${says}; ${name}: ${ranFor(name).join()}`,
				);
			}

			// The screen shows the number of findings, and the bell rings when they change.
			const count = current.length === 0 ? undefined : ` ${current.length} finding${current.length === 1 ? '' : 's'}`;
			await terminal.waitFor(rows => / \d+ findings?\b/.exec(rows.join('\n'))?.[0] === count);
			const isNew = before !== outline(current);
			hasChanged ||= before !== undefined && isNew;
			await until(
				() => (rings() > 0 === hasChanged ? true : undefined),
				() => `${says}; rang ${rings()} times; ${ranFor('screen').join()}`,
			);

			// A sentence announces each finding as found or unknown; a status has its own sentence.
			for (const {rule, state} of current.filter(({rule: name}) => name !== 'status')) {
				await until(
					() =>
						new RegExp(state === 'active' ? `(^|Found: )${rule}: ` : `Unknown now: ${rule}: `, 'im').test(plain())
							? true
							: undefined,
					() => `${says}; ${plain()}`,
				);
			}

			// A program that starts now shows the same findings.
			if (isNew) {
				const {stdout, exitCode} = await once();
				const rows = (start: string): number => stdout.split('\n').filter(line => line.startsWith(start)).length;
				assert.deepEqual(
					[rows('finding '), rows('unknown now ')],
					[active.length, unknown.length],
					`${says}; ${stdout}`,
				);
				assert.equal(exitCode, active.length === 0 ? 0 : 10, says);
			}

			before = outline(current);
		}

		const last = lines().at(-1)?.findings ?? [];
		assert.deepEqual(
			last
				.filter(({state}) => state !== 'resolved')
				.map(({state, rule, subject}) => `${state} ${rule} ${subject.node ?? ''}`),
			found,
		);
		// The command ran for exactly these events, in this order.
		assert.deepEqual(ranFor('listen'), events);
		assert.deepEqual(ranFor('screen'), events);
		assert.equal(/no longer nearly full/.test(plain()), false, plain());
	});
}
