import type {MouseEvent} from './reports.ts';

/** Presses and the wheel (1000), reported with coordinates of any size (1006). */
export const mouseOn = '\u001B[?1000h\u001B[?1006h';

type Listener = (event: MouseEvent) => void;

/** Reports mouse events. */
export type Mouse = {
	readonly notify: Listener;
	/** Returns the function that ends the subscription. */
	readonly subscribe: (listener: Listener) => () => void;
};

export function createMouse(): Mouse {
	const listeners = new Set<Listener>();
	return {
		notify(event) {
			for (const listener of listeners) {
				listener(event);
			}
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
