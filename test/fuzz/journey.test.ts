import {test} from 'node:test';
import fc from 'fast-check';
import {anyJourney, travel} from './journey.ts';

test('whatever is served and pressed, the screen holds, is safe to write and says what was served', () => {
	fc.assert(
		fc.property(anyJourney, journey => void travel(journey)),
		{numRuns: 1000},
	);
});
