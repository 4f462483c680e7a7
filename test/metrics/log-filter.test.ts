import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import type {Level, LogLine} from '../../source/api/logs.ts';
import {logTest, lowestLevel, parseLogFilter} from '../../source/metrics/log-filter.ts';
import {anyCharacter} from '../helpers/any-character.ts';
import {logLine} from '../helpers/log-lines.ts';

const lines: Readonly<Record<string, LogLine>> = {
	step: logLine(1, 'step 7 loss=0.31', {replica: 'loops-trainer-0', level: 'INFO'}),
	heartbeat: logLine(2, 'heartbeat', {replica: 'loops-trainer-1', level: 'DEBUG'}),
	nccl: logLine(3, 'NCCL WARN AllReduce (slow)', {replica: 'loops-trainer-12', level: 'WARNING'}),
	memory: logLine(4, 'failed:\n  CUDA out of memory', {replica: 'loops-trainer-1', level: 'ERROR', requestId: 'req-1'}),
	bare: logLine(5, 'no level, no replica', {level: undefined}),
};
const all = 'step heartbeat nccl memory bare';

const cases: ReadonlyArray<readonly [text: string, fitting: string]> = [
	['', all],
	['  ', all],
	['nccl', 'nccl'],
	['NCCL allreduce', 'nccl'],
	['NCCL heartbeat', ''],
	['"out of memory"', 'memory'],
	['"memory out"', ''],
	['"out of', 'memory'],
	['!heartbeat', 'step nccl memory bare'],
	['!"out of memory" !step', 'heartbeat nccl bare'],
	['loss=0.31', 'step'],
	['(slow)', 'nccl'],
	['.', 'step'],
	['level>=warn', 'nccl memory'],
	['level>=WARNING', 'nccl memory'],
	['Level=w', 'nccl'],
	['level>warning', 'memory'],
	['level<info', 'heartbeat'],
	['level<=i', 'step heartbeat'],
	['node~trainer-1', 'heartbeat nccl memory'],
	['replica=loops-trainer-1', 'heartbeat memory'],
	['node!~trainer-1', 'step'],
	['replica~TRAINER-1 level=error', 'memory'],
	['request~req', 'memory'],
	// Empty words, and words of which only the first character has been typed.
	['!', all],
	['"', all],
	['!"', all],
	['""', all],
	['!""', all],
	['nccl !"', 'nccl'],
	['!" !', all],
	['"!"', ''],
];

for (const [text, fitting] of cases) {
	test(`"${text}" matches ${fitting === '' ? 'nothing' : fitting}`, () => {
		const parsed = parseLogFilter(text);
		assert.ok(parsed.kind === 'filter');
		const fits = logTest(parsed.conditions);
		const found = Object.entries(lines).flatMap(([name, line]) => (fits(line) ? [name] : []));
		assert.equal(found.join(' '), fitting);
	});
}

const mistakes: ReadonlyArray<readonly [text: string, mistake: string]> = [
	['level>=', 'level>= needs debug, info, warning, or error, as in level>=warn'],
	['level>=bad', 'level>= needs debug, info, warning, or error, as in level>=warn'],
	['level~warn', "~ isn't for levels: use level>=warn or level=debug"],
	['node~', 'node~ needs a name or a part of one, as in node~trainer-1'],
	['replica<3', "< isn't for names: use replica~trainer-1, replica=NAME, or replica!~trainer-1"],
	['NCCL request=', 'request= needs a name or a part of one, as in request~trainer-1'],
];

for (const [text, mistake] of mistakes) {
	test(`"${text}" is an error: ${mistake}`, () => {
		assert.deepEqual(parseLogFilter(text), {kind: 'mistake', mistake});
	});
}

const least: ReadonlyArray<readonly [text: string, level: Level]> = [
	['', 'DEBUG'],
	['NCCL', 'DEBUG'],
	['level>=warn', 'WARNING'],
	['level=info level>=debug', 'INFO'],
	['level>warn', 'ERROR'],
	['level>error', 'ERROR'],
	['level<=error', 'DEBUG'],
];

for (const [text, level] of least) {
	test(`"${text}" selects nothing below ${level}`, () => {
		const parsed = parseLogFilter(text);
		assert.ok(parsed.kind === 'filter');
		assert.equal(lowestLevel(parsed.conditions), level);
	});
}

test('any typed text is an error with a message, or a filter that can test every entry', () => {
	const parts = fc.constantFrom('level', 'node', 'request', 'NCCL', 'warn', '-1', '=', '<', '>=', '~', '!', '"', ' ');
	const typed = fc.array(parts, {maxLength: 8}).map(some => some.join(''));
	const kinds = new Set<string>();
	fc.assert(
		fc.property(fc.oneof(fc.string(), fc.string({unit: anyCharacter}), typed), text => {
			const parsed = parseLogFilter(text);
			kinds.add(parsed.kind);
			if (parsed.kind === 'mistake') {
				assert.notEqual(parsed.mistake, '');
			} else {
				Object.values(lines).filter(logTest(parsed.conditions));
			}
		}),
		{numRuns: 1000},
	);
	assert.deepEqual([...kinds].sort(), ['filter', 'mistake']);
});
