/** The first of the rows that are shown, so that the selected one is among them, in the middle where it can be. */
export function firstShown(selected: number, count: number, room: number): number {
	return Math.min(Math.max(selected - Math.floor(room / 2), 0), Math.max(count - room, 0));
}
