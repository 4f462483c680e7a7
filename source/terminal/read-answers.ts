import type {Pacing} from './pacing.ts';

/**
 * Reads from the terminal until none of its answers is under way, whether or not anybody else still reads: what nobody
 * reads would be typed into the shell.
 */
export async function readAnswers(
	stdin: NodeJS.ReadStream,
	{isAwaiting, settled}: Pick<Pacing, 'isAwaiting' | 'settled'>,
): Promise<void> {
	if (!isAwaiting()) {
		return;
	}

	const read = (): void => {
		while (stdin.read() !== null) {
			// What is typed now is for nobody.
		}
	};
	stdin.setRawMode(true);
	stdin.on('readable', read);
	await settled();
	stdin.off('readable', read);
	stdin.setRawMode(false);
}
