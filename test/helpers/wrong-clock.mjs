/** Loaded before the program (`node --import`): its clock is wrong by the milliseconds in the variable WRONG_BY_MS. */
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
