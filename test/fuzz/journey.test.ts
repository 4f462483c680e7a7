import {test} from 'node:test';
import fc from 'fast-check';
import {anyJourney, travel} from './journey.ts';

test('for any response and keypress, the screen is complete and safe to write, and shows only what was served', () => {
	fc.assert(
		fc.property(anyJourney, journey => void travel(journey)),
		{numRuns: 1000},
	);
});
