import assert from 'node:assert/strict';
import {test} from 'node:test';
import {rankText, rankWidth} from '../../source/view/rank.ts';

test('ranks stand at the right of as many cells as the longest takes', () => {
	assert.equal(rankWidth(['0', '10', '9']), 2);
	assert.equal(rankText('9', 2), ' 9');
});

test('a rank that is a long name is cut where names do not differ', () => {
	const names = ['gpu-0c5d3a1e-7f2b-0', 'gpu-0c5d3a1e-7f2b-1'];
	const width = rankWidth(names);
	assert.equal(width, 12);
	assert.deepEqual(
		names.map(name => rankText(name, width)),
		['     …7f2b-0', '     …7f2b-1'],
	);
});

test('without a rank there is the width that is asked for', () => {
	assert.equal(rankWidth([], 2), 2);
});
