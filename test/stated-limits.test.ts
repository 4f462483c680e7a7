import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {idleSamples} from '../source/metrics/rules/gpus.ts';
import {clockSlackMs, fewestSamples, sampleMs, startupMs} from '../source/metrics/rules/rule.ts';
import {defaultThresholds, idleBelow} from '../source/metrics/thresholds.ts';
import {sayDuration} from '../source/text/spoken-format.ts';
import {root} from './helpers/documents.ts';
import {isUpdating} from './helpers/golden.ts';
import {duration, percent} from './helpers/rules-table.ts';

const stale = sayDuration(defaultThresholds.staleMs);
const idle = percent(idleBelow);
const streak = sayDuration(idleSamples * sampleMs);

/**
 * The sentences that state the value of a constant, outside the generated table of rules. `{}` stands for the
 * value, which `npm run update` rewrites.
 */
const sentences: ReadonlyArray<readonly [file: string, sentence: string, value: string]> = [
	['README.md', "samples older than {} don't count", stale],
	['docs/findings.md', 'within the stale limit (the last {} by default)', stale],
	['docs/findings.md', 'Samples arrive about every {},', duration(sampleMs)],
	['docs/findings.md', 'so {}. A streak', `${idleSamples} samples span ${streak}`],
	['docs/findings.md', 'a streak has fewer samples, but at least {}.', String(fewestSamples)],
	['docs/findings.md', 'dated more than {} in the future', sayDuration(clockSlackMs)],
	['docs/findings.md', "created or started less than {} ago, isn't expected", sayDuration(startupMs)],
	['docs/findings.md', 'idle for longer than {} while the other half works', streak],
	['docs/numbers.md', 'older than the stale limit ({} by', stale],
	['docs/numbers.md', 'known to be under {} and', idle],
	['docs/numbers.md', 'idle values (under {}) are dim', idle],
	['docs/prometheus.md', 'at the time of the last response (older than {};', stale],
	['docs/run.md', 'GPU time under {} utilization', idle],
	['docs/terminals.md', 'A GPU counts as busy at {} or more', idle],
	['source/output/snapshot-types.ts', 'if a GPU is at {} or more', idle],
	['source/output/snapshot-types.ts', 'for GPUs under {} utilization', idle],
];

/** Returns the pattern of a sentence, which can continue on the next line, even in a docstring. */
function patternOf(sentence: string): RegExp {
	const [before = '', after = ''] = sentence
		.split('{}')
		.map(part => part.replaceAll(/[()[\].*+?]/g, String.raw`\$&`).replaceAll(' ', String.raw`\s+(?:\* )?`));
	return new RegExp(`(${before})([^\n]{1,40}?)(${after})`, 'g');
}

for (const [file, sentence, value] of sentences) {
	test(`${file} states the actual value: ${sentence.replace('{}', '…')}`, () => {
		const place = path.join(root, ...file.split('/'));
		const text = readFileSync(place, 'utf8');
		const [found, ...others] = text.matchAll(patternOf(sentence));
		assert.ok(found !== undefined && others.length === 0, `${file} doesn't contain this exactly once: ${sentence}`);
		if (isUpdating) {
			writeFileSync(
				place,
				text.replace(patternOf(sentence), (_, before, _stated, after) => `${before}${value}${after}`),
			);
			return;
		}

		const line = text.slice(0, found.index).split('\n').length;
		const wanted = sentence.replace('{}', value);
		assert.equal(found[2], value, `${file}:${line} doesn't say "${wanted}". Run npm run update.`);
	});
}
