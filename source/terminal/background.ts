import type {Background} from '../theme.ts';

/** A terminal that does not answer is not waited for any longer; over a slow line an answer takes a few hundred milliseconds. */
const patienceMs = 500;

/** For the colour of the background (OSC 11), and then for what the terminal is (DA1), which nearly every one answers. */
const question = '\u001B]11;?\u0007\u001B[c';

const esc = '\u001B';
const backgroundReply = new RegExp(
	`${esc}\\]11;rgb:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})(?:\u0007|${esc}\\\\)`,
	'i',
);
const deviceReply = new RegExp(`${esc}\\[\\?[\\d;]*c`);

/** The streams of a terminal, as `process` has them. */
export type TerminalStreams = {
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
};

/**
 * Asks the terminal whether its background is dark or light, before anything else reads from it; undefined where it does
 * not say. What was typed meanwhile is put back.
 */
export async function askBackground({stdin, stdout}: TerminalStreams): Promise<Background> {
	let received = '';
	stdin.setEncoding('utf8');
	stdin.setRawMode(true);
	await new Promise<void>(resolve => {
		const finish = (): void => {
			clearTimeout(timer);
			stdin.removeListener('readable', read);
			resolve();
		};
		const timer = setTimeout(finish, patienceMs);
		const read = (): void => {
			for (let chunk: unknown = stdin.read(); chunk !== null; chunk = stdin.read()) {
				received += String(chunk);
			}

			// The answers come in the order of the questions: after the second there is no first any more.
			if (deviceReply.test(received)) {
				finish();
			}
		};
		stdin.on('readable', read);
		stdout.write(question);
	});
	const typed = received.replace(backgroundReply, '').replace(deviceReply, '');
	if (typed !== '') {
		stdin.unshift(typed, 'utf8');
	}

	return readBackground(received);
}

/** Dark or light by the luminance of an OSC 11 answer, such as `rgb:1e1e/1e1e/2e2e`. */
export function readBackground(reply: string): Background {
	const match = backgroundReply.exec(reply);
	if (match === null) {
		return undefined;
	}

	const [red = 0, green = 0, blue = 0] = match
		.slice(1)
		.map(part => Number.parseInt(part, 16) / (16 ** part.length - 1));
	// ITU-R BT.709; the eye hardly sees blue.
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5 ? 'light' : 'dark';
}
