/** Returns the first visible row, so that the selected one is visible, in the middle if possible. */
export function scrollOffset(selected: number, count: number, room: number): number {
	return Math.min(Math.max(selected - Math.floor(room / 2), 0), Math.max(count - room, 0));
}
