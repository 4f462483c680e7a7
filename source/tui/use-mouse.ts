import {useEffect, useEffectEvent} from 'react';
import type {Mouse} from '../terminal/mouse.ts';
import type {MouseEvent} from '../terminal/reports.ts';

/** Calls the listener for what is done with the mouse while the screen is there. */
export function useMouse(mouse: Mouse | undefined, onEvent: (event: MouseEvent) => void): void {
	const handle = useEffectEvent(onEvent);
	useEffect(() => mouse?.subscribe(event => handle(event)), [mouse]);
}
