/** The space for new objects would grow to 32 MiB, for a program that makes little at a time and runs all day. */
const smallYoung = '--semi-space-growth-factor=1';

/**
 * What is drawn a few times a minute is not worth to be optimised: that takes more time than it saves, and 10 MB. What runs
 * ten times as often as would do otherwise is, by the quicker of the two compilers.
 */
const patient = [
	'--no-opt',
	'--liftoff-only',
	'--invocation-count-for-maglev=4000',
	'--invocation-count-for-maglev-osr=1000',
];

/** How V8 is set for this program. Before Node.js 22 it has one compiler alone, which is left as it is. */
export function engineFlags(nodeMajor: number): readonly string[] {
	return nodeMajor < 22 ? [smallYoung] : [smallYoung, ...patient];
}
