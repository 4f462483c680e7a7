import {useStdout} from 'ink';
import {useEffectEvent, useLayoutEffect} from 'react';
import {type Mouse, mouseOff, mouseOn} from '../terminal/mouse.ts';
import type {MouseEvent} from '../terminal/reports.ts';

/** Runs something without the mouse's reports: what the shell is given must be as it was. */
export type WithoutMouse = (run: () => Promise<void>) => Promise<void>;

/** Has the terminal report the mouse while the screen stands. Ink takes it down on every way out, and this with it. */
export function useMouse(mouse: Mouse | undefined, onEvent: (event: MouseEvent) => void): WithoutMouse {
	const {stdout} = useStdout();
	const handle = useEffectEvent(onEvent);
	useLayoutEffect(() => {
		if (mouse === undefined) {
			return;
		}

		const unsubscribe = mouse.subscribe(event => handle(event));
		stdout.write(mouseOn);
		return () => {
			unsubscribe();
			stdout.write(mouseOff);
		};
	}, [mouse, stdout]);
	return async run => {
		if (mouse === undefined) {
			return run();
		}

		stdout.write(mouseOff);
		await run();
		stdout.write(mouseOn);
	};
}
