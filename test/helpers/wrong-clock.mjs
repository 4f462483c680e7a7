/**
 * Loaded before the program (`node --import`): the program's clock is ahead by the number of milliseconds in the
 * environment variable WRONG_BY_MS, or behind if that number is negative.
 */
const wrongByMs = Number(process.env['WRONG_BY_MS']);
const RealDate = Date;

globalThis.Date = class extends RealDate {
	constructor(...parts) {
		if (parts.length === 0) {
			super(RealDate.now() + wrongByMs);
		} else {
			super(...parts);
		}
	}

	static now() {
		return RealDate.now() + wrongByMs;
	}
};
