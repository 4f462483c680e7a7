/**
 * Runs many journeys through the program without its network or terminal, with arbitrary responses and keypresses:
 * `npm run fuzz -- [JOURNEYS] [SEED]`. The default is a million journeys. The same seed yields the same journeys.
 */
import fc from 'fast-check';
import {anyJourney, travel} from './journey.ts';

const [journeys = 1_000_000, seed = Math.floor(Math.random() * 2 ** 31)] = process.argv.slice(2).map(Number);
const inOneGo = 5000;
const property = fc.property(anyJourney, journey => void travel(journey));
const beganMs = performance.now();
let done = 0;

function summary(): string {
	const minutes = ((performance.now() - beganMs) / 60_000).toFixed(1);
	return `${done} of ${journeys} journeys from seed ${seed} in ${minutes} min`;
}

for (let go = 0; done < journeys; go++) {
	const details = fc.check(property, {numRuns: Math.min(inOneGo, journeys - done), seed: seed + go});
	done += details.numRuns;
	if (details.failed) {
		process.stdout.write(`${summary()}: a fault\n${fc.defaultReportMessage(details)}\n${details.errorInstance}\n`);
		process.exit(1);
	}

	process.stdout.write(`${summary()}\n`);
}

process.stdout.write(`${summary()}: no fault\n`);
