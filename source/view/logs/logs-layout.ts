import type {Layout, Place, Rect, Size} from '../layout.ts';

type ScreenLayout = Extract<Layout, {kind: 'screen'}>;

/** The minimum number of lines between header and keys at which the logs share the screen. */
const leastShared = 16;

/** Returns the smallest rectangle that contains all of these. */
function around(rects: readonly Rect[]): Rect {
	const x = Math.min(...rects.map(rect => rect.x));
	const y = Math.min(...rects.map(rect => rect.y));
	return {
		x,
		y,
		width: Math.max(...rects.map(rect => rect.x + rect.width)) - x,
		height: Math.max(...rects.map(rect => rect.y + rect.height)) - y,
	};
}

/**
 * Places the logs: below the charts in place of GPUs and nodes, in the lower half below a pane in full screen, or on
 * the whole screen if it is small or full screen is on.
 */
export function placeLogs(
	{header, places, notice, keys}: ScreenLayout,
	{columns}: Size,
	isFull: boolean,
): {readonly places: readonly Place[]; readonly logs: Rect} {
	const top = header.y + header.height;
	const bottom = notice.height > 0 ? notice.y : keys.y;
	const whole: Rect = {x: 0, y: top, width: columns, height: bottom - top};
	if (isFull || whole.height < leastShared) {
		return {places: [], logs: whole};
	}

	const [alone] = places;
	if (alone?.variant === 'full') {
		const height = Math.ceil(alone.rect.height / 2);
		const y = alone.rect.y + height;
		const logs = {...alone.rect, y, height: alone.rect.height - height};
		return {places: [{...alone, rect: {...alone.rect, height}}], logs};
	}

	const covered = places.filter(({pane, variant}) => variant === 'framed' && (pane === 'gpus' || pane === 'nodes'));
	return covered.length === 0
		? {places: [], logs: whole}
		: {places: places.filter(place => !covered.includes(place)), logs: around(covered.map(({rect}) => rect))};
}
