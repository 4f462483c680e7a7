import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {createNodeReader, readMetricsInSteps, readMetricsResponse} from '../../source/api/metrics-response.ts';
import {parseInSteps, parseResponse} from '../../source/api/parse-response.ts';
import {longestKey, Secret} from '../../source/api/secret.ts';
import {atOnce, inSlices, type Steps} from '../../source/api/slices.ts';

const key = 'sk-a-key-that-must-not-be-seen';
const secret = new Secret(key);
const signal = new AbortController().signal;

/**
 * Names without escapes: after a name that ends with a backslash, JSON.parse in Node.js 24 reads other names
 * incorrectly (`findings/node-json-parse-renames-fields.sh`), depending on what was parsed before.
 */
const plainName = fc.string().filter(name => !/["\\]/.test(name));

/** JSON with nested lists and maps, the key in some places, and a name with a special meaning in JavaScript. */
const {json} = fc.letrec<{json: unknown; list: unknown[]}>(tie => ({
	json: fc.oneof(
		{depthSize: 'small', withCrossShrink: true},
		fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constantFrom(key, `x ${key} y`, '\\', '"', '],[', '},{')),
		tie('list'),
		fc.dictionary(fc.oneof(plainName, fc.constantFrom('__proto__', 'metrics', key)), tie('json'), {maxKeys: 4}),
	),
	list: fc.array(tie('json'), {maxLength: 20}),
}));

test('parsing a string in slices gives the same result as parsing it all at once', () => {
	fc.assert(
		fc.property(json, fc.integer({min: 1, max: 40}), fc.boolean(), (value, length, isSpaced) => {
			const text = JSON.stringify(value, undefined, isSpaced ? 1 : undefined);
			const steps = parseInSteps(text, 'application/json', secret, {sliceLength: length});
			assert.deepEqual(atOnce(steps), parseResponse(text, 'application/json', secret));
		}),
		{numRuns: 2000},
	);
});

test('a string that is almost JSON gives the same result in slices as all at once', () => {
	fc.assert(
		fc.property(
			fc.array(json, {minLength: 3, maxLength: 9}),
			fc.integer({min: 1, max: 40}),
			fc.nat(),
			fc.constantFrom('', ',', '[', ']', '{', '}', '"', '\\', ' ', '0', ',,', '],['),
			(value, length, place, typed) => {
				const whole = JSON.stringify({metrics: {list: value}});
				const at = place % whole.length;
				const text = whole.slice(0, at) + typed + whole.slice(at + 1);
				const steps = parseInSteps(text, 'application/json', secret, {sliceLength: length});
				assert.deepEqual(atOnce(steps), parseResponse(text, 'application/json', secret));
			},
		),
		{numRuns: 3000},
	);
});

test('other code can run between two slices', async () => {
	const timestamps = Array.from({length: 40_000}, (_, second) => new Date(second * 1000).toISOString());
	const text = JSON.stringify({metrics: {inference_volume: timestamps.map(timestamp => ({timestamp, value: 1}))}});
	let turns = 0;
	const count = (): void => {
		turns++;
		timer = setImmediate(count);
	};
	let timer = setImmediate(count);
	const parsed = await inSlices(parseInSteps(text, 'application/json', secret), signal);
	clearImmediate(timer);
	assert.deepEqual(parsed, parseResponse(text, 'application/json', secret));
	assert.ok(turns >= 3, `only ${turns} turns of the event loop passed`);
});

test('other code can run while the names of a response are searched for the key, regardless of their length', () => {
	for (const part of ['%25', 'a. ', '\n\r', '"']) {
		for (const length of [100, 60_000]) {
			const name = part.repeat(length / part.length);
			const names = Array.from({length: 1_000_000 / length}, (_, index) => name + index);
			const text = JSON.stringify(Object.fromEntries(names.map((each, index) => [each, index])));
			const searching = parseInSteps(text, null, secret);
			let steps = 0;
			while (searching.next().done !== true) {
				steps++;
			}

			assert.ok(steps >= Math.min(names.length, 50), `only ${steps} steps for ${names.length} names`);
		}
	}
});

/** Characters and escapes of each length in JSON. */
const units = ['a', '0', ' ', 'é', '–', '🚀', '\\"', '\\\\', '\\n', '\\u00e9', '\\ud83d\\ude80', ','];

test('text that is far longer than any limit is cut before it is searched, cleaned, or stored', context => {
	const longest = 256 * 1024;
	const search = context.mock.method(secret, 'hideIn');
	for (const unit of units) {
		for (const before of ['', 'x', 'xx']) {
			const long = before + unit.repeat(Math.ceil((3 * longest) / unit.length));
			const whole = String(JSON.parse(`"${long}"`));
			const metrics = `{"${long}":0,"per_node_metrics":[{"node_id":"${long}"}],"after":"${before + unit}"}`;
			const parsed = atOnce(parseInSteps(`{"metrics":${metrics}}`, null, secret));
			assert.ok('value' in parsed, unit);
			const [name, list, after] = Object.entries((parsed.value as {metrics: object}).metrics);
			assert.ok(name !== undefined);
			assert.ok(name[0].endsWith('…') && whole.startsWith(name[0].slice(0, -1)), unit);
			assert.ok(name[0].length > (longest / unit.length) * 0.9 - longestKey, `${unit}: ${name[0].length} is too short`);
			assert.deepEqual(list, ['per_node_metrics', [{node_id: name[0]}]]);
			assert.deepEqual(after, ['after', before + String(JSON.parse(`"${unit}"`))]);
		}
	}

	assert.ok(search.mock.calls.length > 0);
	for (const {arguments: args} of search.mock.calls) {
		assert.ok(args[0].length <= longest + 1, `${args[0].length} characters are searched`);
	}
});

test('no part of a key is kept where a long string is cut', () => {
	for (let kept = 0; kept <= key.length; kept++) {
		const long = `${' '.repeat(256 * 1024 - kept)}${key}${' '.repeat(1000)}`;
		const parsed = atOnce(parseInSteps(JSON.stringify({metrics: {long}}), null, secret));
		assert.ok('value' in parsed);
		const seen = JSON.stringify(parsed.value).replace('{"metrics":{"long":', '').replaceAll('[redacted]', '');
		assert.doesNotMatch(seen, /[a-z0-9-]/i, `a part of the key is kept if the cut is after ${kept} characters`);
	}
});

test('a long string without an end, or with an invalid escape, makes a response unreadable', () => {
	for (const text of [`{"a":"${'x'.repeat(600_000)}`, `"${'x'.repeat(600_000)}`, `{"a":"${'\\x'.repeat(300_000)}"}`]) {
		const parsed = atOnce(parseInSteps(text, 'application/json', secret));
		assert.deepEqual(parsed, {kind: 'not-json', contentType: 'unreadable'});
	}
});

test('an aborted computation ends at the next slice', async () => {
	const controller = new AbortController();
	function* endless(): Steps<never> {
		for (;;) {
			yield;
		}
	}

	setImmediate(() => controller.abort(new Error('left')));
	await assert.rejects(inSlices(endless(), controller.signal), /left/);
});

/** Points of a node, some of which are unreadable. */
const points = fc.array(
	fc.record({
		timestamp: fc.constantFrom('2026-11-28T10:00:00Z', '2026-11-28T10:00:30Z', 'noon'),
		value: fc.constantFrom(0, 1, 'x'),
	}),
	{maxLength: 4},
);
const node = fc.record(
	{
		node_id: fc.constantFrom('a', 'b', '', 7),
		gpu_utilization: fc.dictionary(fc.constantFrom('0', '1'), points),
		gpu_memory_usage_bytes: fc.dictionary(fc.constantFrom('0', '1'), points),
		cpu_usage: fc.oneof(points, fc.constant(null)),
		cpu_memory_usage_bytes: points,
		ephemeral_storage: fc.record({usage_bytes: points, utilization: points}),
	},
	{requiredKeys: []},
);

test('nodes that are read while a response is parsed equal those of the parsed response', () => {
	const response = fc.record({
		inference_volume: points,
		per_node_metrics: fc.array(fc.oneof(node, fc.constant(0)), {maxLength: 8}),
	});
	fc.assert(
		fc.property(response, fc.integer({min: 1, max: 200}), (metrics, sliceLength) => {
			const text = JSON.stringify({metrics});
			const parsed = atOnce(parseInSteps(text, null, secret, {sliceLength, readItem: createNodeReader()}));
			assert.ok('value' in parsed);
			assert.deepEqual(atOnce(readMetricsInSteps(parsed.value)), readMetricsResponse({metrics}));
		}),
		{numRuns: 1000},
	);
});
