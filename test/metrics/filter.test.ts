import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {mapRecord} from '../../source/api/points.ts';
import {emptyNode, gpuSeriesPaths, nodeSeriesPaths, noGpu} from '../../source/api/series-table.ts';
import {arrangeNodes, gpuRows, type Sort} from '../../source/metrics/arrange.ts';
import {parseFilter} from '../../source/metrics/filter.ts';
import type {Gpu, Node} from '../../source/metrics/node.ts';

const gibibyte = 1024 ** 3;

function gpu(rank: number, utilization: number | undefined, memory?: number): Gpu {
	return {
		rank: String(rank),
		series: noGpu,
		freshness: {newestMs: 0, isFresh: true},
		busy: undefined,
		...mapRecord(gpuSeriesPaths, () => undefined),
		utilization,
		memory: memory === undefined ? undefined : memory * 80 * gibibyte,
		memoryTotal: 80 * gibibyte,
	};
}

function node(id: string, values: Partial<Node>): Node {
	return {
		id,
		reporting: true,
		presence: 'reporting',
		lastSeenMs: 0,
		gpus: [],
		gpusReporting: 0,
		gpusExpected: 0,
		busy: undefined,
		utilization: undefined,
		gpuMemory: undefined,
		gpuMemoryKnown: undefined,
		gpuMemoryTotal: undefined,
		cpuTotal: undefined,
		ramTotal: undefined,
		...mapRecord(nodeSeriesPaths, () => undefined),
		series: emptyNode(''),
		...values,
	};
}

const nodes: readonly Node[] = [
	node('trainer-0', {
		utilization: 0.85,
		gpus: [gpu(0, 0.9, 0.5), gpu(1, 0.8, 0.96)],
		gpuMemory: 117 * gibibyte,
		cpu: 20,
		ram: 100 * gibibyte,
		ramTotal: 1000 * gibibyte,
		disk: 50 * gibibyte,
		diskShare: 0.3,
	}),
	node('trainer-1', {
		utilization: 0.45,
		gpus: [gpu(0, 0.88, 0.5), gpu(1, 0.02, 0.5)],
		gpuMemory: 80 * gibibyte,
		cpu: 31.5,
		ram: 300 * gibibyte,
		ramTotal: 1000 * gibibyte,
		disk: 900 * gibibyte,
		diskShare: 0.93,
	}),
	node('Trainer-10', {utilization: 0.6, gpus: [gpu(0, 0.6)], cpu: 5, ram: 250 * gibibyte, disk: 10 * gibibyte}),
	node('sampler-2', {}),
];

const filters: ReadonlyArray<readonly [text: string, ids: readonly string[]]> = [
	['', ['sampler-2', 'trainer-0', 'trainer-1', 'Trainer-10']],
	['   ', ['sampler-2', 'trainer-0', 'trainer-1', 'Trainer-10']],
	['trainer', ['trainer-0', 'trainer-1', 'Trainer-10']],
	['TRAINER-1', ['trainer-1', 'Trainer-10']],
	['node~trainer-1', ['trainer-1', 'Trainer-10']],
	['node=trainer-1', ['trainer-1']],
	['node!~trainer', ['sampler-2']],
	['gpu<20', ['trainer-1']],
	['gpu<20%', ['trainer-1']],
	['GPU<=2', ['trainer-1']],
	['gpu=2', ['trainer-1']],
	['gpu>=88', ['trainer-0', 'trainer-1']],
	['mem>90', ['trainer-0']],
	['mem>60G', ['trainer-0']],
	// A single GPU must match both conditions.
	['gpu<20 mem>90', []],
	['util<50', ['trainer-1']],
	['util>50', ['trainer-0', 'Trainer-10']],
	['cpu>30', ['trainer-1']],
	['cpu>31.4', ['trainer-1']],
	['ram>200G', ['trainer-1', 'Trainer-10']],
	['ram>200GiB', ['trainer-1', 'Trainer-10']],
	// Without a total, there is no share.
	['ram>20', ['trainer-1']],
	['disk>90', ['trainer-1']],
	['disk<.5t', ['trainer-0', 'Trainer-10']],
	['trainer gpu<20 disk>90', ['trainer-1']],
	['trainer-0 gpu<20', []],
	['!', ['sampler-2', 'trainer-0', 'trainer-1', 'Trainer-10']],
	['trainer-0 !GO', ['trainer-0']],
	['!TRAINER-1', ['sampler-2', 'trainer-0']],
	['trainer !trainer-1', ['trainer-0']],
	['!node', ['sampler-2', 'trainer-0', 'trainer-1', 'Trainer-10']],
	['.*', []],
	['(', []],
	['__proto__', []],
];

for (const [text, ids] of filters) {
	test(`"${text}" leaves ${ids.join(', ') || 'nothing'}`, () => {
		const parsed = parseFilter(text);
		assert.ok(parsed.kind === 'filter');
		const found = arrangeNodes(nodes, {column: 'name', reversed: false}, parsed.conditions);
		assert.deepEqual(
			found.map(({id}) => id),
			ids,
		);
	});
}

const mistakes: ReadonlyArray<readonly [text: string, mistake: RegExp]> = [
	['gpu<', /gpu< needs a number, as in gpu<20/],
	['gpu<lots', /gpu< needs a number/],
	['gpu<-5', /needs a number/],
	['gpu<1e3', /needs a number/],
	['gpu<20G', /gpu is in percent/],
	['cpu>20G', /cpu is in cores/],
	['cpu>20%', /cpu is in cores/],
	['speed>5', /"speed" isn't a known name: use gpu mem util cpu ram disk node/],
	['<5', /there is no name before <5/],
	['__proto__>1', /"__proto__" isn't a known name/],
	['constructor=1', /"constructor" isn't a known name/],
	['gpu~trainer', /~ is only for node/],
	['node~', /node~ needs a name or a part of one/],
	['!gpu<20', /! is only for names and gone, as in !trainer-1/],
	['!node~trainer', /! is only for names/],
	['node<5', /< isn't for names/],
	['trainer gpu>', /gpu> needs a number/],
];

for (const [text, mistake] of mistakes) {
	test(`"${text}" is reported with an explanation`, () => {
		const parsed = parseFilter(text);
		assert.ok(parsed.kind === 'mistake');
		assert.match(parsed.mistake, mistake);
	});
}

test('any typed text is an error with a message, or a filter that can be applied to nodes', () => {
	const kinds = new Set<string>();
	fc.assert(
		fc.property(fc.oneof(fc.string({maxLength: 200}), fc.stringMatching(/^[a-z<>=~!%0-9.G ]{0,200}$/)), text => {
			const parsed = parseFilter(text);
			kinds.add(parsed.kind);
			if (parsed.kind === 'filter') {
				arrangeNodes(nodes, {column: 'gpu', reversed: false}, parsed.conditions);
			} else {
				assert.notEqual(parsed.mistake, '');
			}
		}),
	);
	assert.deepEqual([...kinds].sort(), ['filter', 'mistake']);
});

const sorts: ReadonlyArray<readonly [sort: Sort, ids: readonly string[]]> = [
	[{column: 'name', reversed: false}, ['sampler-2', 'trainer-0', 'trainer-1', 'Trainer-10']],
	[{column: 'name', reversed: true}, ['Trainer-10', 'trainer-1', 'trainer-0', 'sampler-2']],
	[{column: 'gpu', reversed: false}, ['trainer-1', 'Trainer-10', 'trainer-0', 'sampler-2']],
	[{column: 'gpu', reversed: true}, ['trainer-0', 'Trainer-10', 'trainer-1', 'sampler-2']],
	[{column: 'util', reversed: false}, ['trainer-1', 'Trainer-10', 'trainer-0', 'sampler-2']],
	[{column: 'mem', reversed: false}, ['trainer-0', 'trainer-1', 'sampler-2', 'Trainer-10']],
	[{column: 'cpu', reversed: false}, ['trainer-1', 'trainer-0', 'Trainer-10', 'sampler-2']],
	[{column: 'cpu', reversed: true}, ['Trainer-10', 'trainer-0', 'trainer-1', 'sampler-2']],
	[{column: 'ram', reversed: false}, ['trainer-1', 'Trainer-10', 'trainer-0', 'sampler-2']],
];

for (const [sort, ids] of sorts) {
	test(`sorting by ${sort.column}${sort.reversed ? ', reversed,' : ''} puts the nodes in the order ${ids.join(' ')}`, () => {
		assert.deepEqual(
			arrangeNodes(nodes, sort, []).map(({id}) => id),
			ids,
		);
	});
}

test('only the GPUs that match remain in the heat map', () => {
	const parsed = parseFilter('gpu<20');
	assert.ok(parsed.kind === 'filter');
	const rows = gpuRows(arrangeNodes(nodes, {column: 'name', reversed: false}, parsed.conditions), parsed.conditions);
	assert.deepEqual(
		rows.map(row => `${row.node.id} ${row.gpu.rank}`),
		['trainer-1 1'],
	);
});

test('nodes that are gone are always last; the filter "gone" shows only them, and "!gone" hides them', () => {
	const all = [
		node('a', {presence: 'gone', reporting: false}),
		node('b', {utilization: 0.9}),
		node('c', {presence: 'missing', reporting: false}),
		node('gone-fishing', {utilization: 0.2}),
	];
	const names = (filter: string, sort: Sort): readonly string[] => {
		const parsed = parseFilter(filter);
		assert.equal(parsed.kind, 'filter');
		return arrangeNodes(all, sort, parsed.kind === 'filter' ? parsed.conditions : []).map(({id}) => id);
	};
	assert.deepEqual(names('', {column: 'name', reversed: false}), ['b', 'c', 'gone-fishing', 'a']);
	assert.deepEqual(names('', {column: 'name', reversed: true}), ['gone-fishing', 'c', 'b', 'a']);
	assert.deepEqual(names('', {column: 'util', reversed: false}), ['gone-fishing', 'b', 'c', 'a']);
	assert.deepEqual(names('gone', {column: 'name', reversed: false}), ['a']);
	assert.deepEqual(names('!GONE', {column: 'name', reversed: false}), ['b', 'c', 'gone-fishing']);
	assert.deepEqual(names('node~gone', {column: 'name', reversed: false}), ['gone-fishing']);
});
