import type {Layout, Place, Rect, Size} from '../layout.ts';

type ScreenLayout = Extract<Layout, {kind: 'screen'}>;

/** From this many lines between header and keys on, a part of them is enough for the logs. */
const leastShared = 16;

/** The smallest rectangle around some others. */
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
 * Gives the logs their part of a screen: the place of GPUs and nodes below the charts, the lower half below a pane that
 * has the screen for itself, or all of it where it is small or they are to have it.
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
	if (alone?.form === 'full') {
		const height = Math.ceil(alone.rect.height / 2);
		const y = alone.rect.y + height;
		const logs = {...alone.rect, y, height: alone.rect.height - height};
		return {places: [{...alone, rect: {...alone.rect, height}}], logs};
	}

	const covered = places.filter(({pane, form}) => form === 'framed' && (pane === 'gpus' || pane === 'nodes'));
	return covered.length === 0
		? {places: [], logs: whole}
		: {places: places.filter(place => !covered.includes(place)), logs: around(covered.map(({rect}) => rect))};
}
