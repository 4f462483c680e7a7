import type {DebugLog} from '../debug/debug-log.ts';
import type {Answers} from '../terminal/answers.ts';
import {capabilities} from '../theme/capabilities.ts';
import type {ReadFile, TerminalEnvironment} from '../theme/color-level.ts';

/**
 * Logs what was decided about the terminal and why, one line per capability: all at once, and again each one that a response
 * of the terminal changes.
 */
export function noteCapabilities(
	{note}: Pick<DebugLog, 'note'>,
	environment: TerminalEnvironment,
	{readFile, answers}: {readonly readFile: ReadFile; readonly answers: Answers},
): void {
	const noted = new Set<string>();
	const noteNew = (): void => {
		for (const [name, value, from] of capabilities(environment, readFile, answers.get())) {
			const text = `${name}: ${value} (${from})`;
			if (!noted.has(text)) {
				noted.add(text);
				note('terminal', text);
			}
		}
	};
	noteNew();
	answers.subscribe(noteNew);
}
