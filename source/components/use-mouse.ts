import {useStdout} from 'ink';
import {useLayoutEffect} from 'react';
import {mouseOff, mouseOn} from '../terminal/mouse.ts';

/** What runs without the mouse's reports: what the shell is given must be as it was. */
export type Mouse = {readonly without: (run: () => Promise<void>) => Promise<void>};

/** Has the terminal report the mouse while the screen stands. Ink takes it down on every way out, and this with it. */
export function useMouse(isOn: boolean): Mouse {
	const {stdout} = useStdout();
	useLayoutEffect(() => {
		if (!isOn) {
			return;
		}

		stdout.write(mouseOn);
		return () => {
			stdout.write(mouseOff);
		};
	}, [isOn, stdout]);
	return {
		async without(run) {
			if (!isOn) {
				return run();
			}

			stdout.write(mouseOff);
			await run();
			stdout.write(mouseOn);
		},
	};
}
