// Longer than 250 lines because it is one state machine: its states call each other and share what they have collected.

import {createTextDecoder, keyOfCsi, keyOfSs3, nameControl} from './key-names.ts';
import {type Report, readCsiReport, readStringReport} from './queries.ts';

/** Input from a terminal: a key by its name in the keymap, a whole paste, or a report. */
export type InputEvent =
	| {readonly kind: 'key'; readonly name: string}
	| {readonly kind: 'paste'; readonly text: string}
	| {readonly kind: 'report'; readonly report: Report};

/**
 * Reads the bytes from a terminal, in pieces of any size. It has no clock: the caller calls `expire` after `waitMs`.
 */
type InputReader = {
	readonly push: (bytes: Uint8Array) => void;
	/** How long to wait for the rest of an incomplete sequence, in milliseconds; undefined if there is none. */
	readonly waitMs: () => number | undefined;
	/**
	 * Handles an incomplete sequence whose rest is missing: an escape on its own is the escape key, a paste without an
	 * end is passed on, input after a paste counts as typed, and any other incomplete sequence is dropped.
	 */
	readonly expire: () => void;
};

const esc = 0x1b;
const bel = 0x07;
const cancel: ReadonlySet<number> = new Set([0x18, 0x1a]);

/** Seven-bit introducers by their eight-bit forms. */
const eightBit: ReadonlyMap<number, number> = new Map([
	[0x8f, 0x4f],
	[0x90, 0x50],
	[0x98, 0x58],
	[0x9b, 0x5b],
	[0x9d, 0x5d],
	[0x9e, 0x5e],
	[0x9f, 0x5f],
]);
const stringTerminator = 0x9c;

/** The introducers of control strings (OSC, DCS, SOS, PM, and APC), which continue up to a terminator. */
const stringIntroducers: ReadonlySet<number> = new Set([0x5d, 0x50, 0x58, 0x5e, 0x5f]);

/**
 * The timeouts for the rest of an incomplete sequence, in milliseconds. A control string can be long, and a paste even
 * longer.
 */
const sequenceMs = 500;
const stringMs = 1000;
const pasteMs = 3000;

/**
 * Returns the time, in milliseconds, for which input after a paste is held back. If another paste mark follows within
 * that time, the input is dropped as part of the paste, because it can't have been typed that fast. If escape sequences
 * can arrive in pieces, pastes can, too, so the time is longer for a longer `escapeMs`.
 */
const afterPasteMs = (escapeMs: number): number => Math.max(50, 2 * escapeMs);

/** The maximum length of a control string, in bytes; a longer one isn't a response to any query. */
const longestString = 256;
const longestSequence = 64;
/** The maximum number of bytes of a paste that are passed on; the rest is dropped. */
const longestPaste = 65_536;

const pasteStart = '\u001b[200~';
const pasteEnd = '\u001b[201~';

type State =
	| 'ground'
	| 'escape'
	| 'escape-twice'
	| 'csi'
	| 'ss3'
	| 'string'
	| 'string-escape'
	| 'x10'
	| 'paste'
	| 'after-paste';

/**
 * Creates a reader that passes on keys, pastes, and reports. `escapeMs` is the time, in milliseconds, after which an
 * escape without further input counts as the escape key. The following input never becomes a key, regardless of
 * where it is split: control strings of every kind (up to BEL, ST, or 0x9C), reports, keys with Alt, and bytes that
 * aren't UTF-8. The states are those of ECMA-48, as implemented by xterm.
 */
export function createInputReader(emit: (event: InputEvent) => void, escapeMs: number): InputReader {
	let state: State = 'ground';
	/** The parameters of a sequence, or the text of a control string, as one character for each byte. */
	let collected = '';
	/** A paste, or the input after it. */
	let bytes: number[] = [];
	/** The last bytes of the paste, up to the length of a paste mark. */
	let tail = '';
	let hasAlt = false;
	/** The number of remaining bytes of a character, or of a mouse report in the X10 format. */
	let left = 0;
	const text = createTextDecoder(character => {
		const introducer = eightBit.get(character.charCodeAt(0));
		if (introducer !== undefined) {
			introduce(introducer);
		} else if (!/\p{Control}/u.test(character)) {
			emit({kind: 'key', name: character === ' ' ? 'space' : character});
		}
	});

	const key = (name: string | undefined): void => {
		if (name !== undefined && !hasAlt) {
			emit({kind: 'key', name});
		}
	};
	const begin = (next: State): void => {
		state = next;
		collected = '';
		bytes = [];
		tail = '';
		left = 0;
	};
	const toGround = (): void => {
		begin('ground');
		hasAlt = false;
	};
	const collect = (byte: number, longest: number): void => {
		if (collected.length < longest) {
			collected += String.fromCharCode(byte);
		}
	};

	const introduce = (byte: number): void => {
		if (byte === 0x5b) {
			begin('csi');
		} else if (byte === 0x4f) {
			begin('ss3');
		} else if (stringIntroducers.has(byte)) {
			begin('string');
		} else {
			toGround();
		}
	};
	const ground = (byte: number): void => {
		if (text.isWithin(byte) || (byte >= 0x20 && byte !== 0x7f && !eightBit.has(byte))) {
			text.push(byte);
			return;
		}

		text.drop();
		const introducer = eightBit.get(byte);
		if (byte === esc) {
			begin('escape');
		} else if (introducer === undefined) {
			key(nameControl(byte));
		} else {
			introduce(introducer);
		}
	};
	/** Handles the byte after an escape: it begins a sequence, or belongs to a key with Alt, which is ignored. */
	const afterEscape = (byte: number): void => {
		if (byte === esc) {
			if (state === 'escape-twice') {
				key('esc');
			}

			begin('escape-twice');
		} else if (state === 'escape-twice' && byte !== 0x5b && byte !== 0x4f) {
			key('esc');
			introduce(byte);
		} else {
			hasAlt = state === 'escape-twice';
			introduce(byte);
		}
	};
	const endCsi = (final: string): void => {
		const sequence = collected + final;
		if (sequence === pasteStart.slice(2)) {
			begin('paste');
			return;
		}

		if (sequence === 'M') {
			// A mouse report in the X10 format: three arbitrary bytes follow.
			begin('x10');
			left = 3;
			return;
		}

		const report = readCsiReport(sequence);
		const wasEscapeTyped = hasAlt && (report !== undefined || /^[<=>?]|^[IO]$/.test(sequence));
		if (wasEscapeTyped) {
			// A response arrived right after the escape key was pressed, and has an escape of its own.
			emit({kind: 'key', name: 'esc'});
		}

		if (report === undefined) {
			key(keyOfCsi(sequence));
		} else {
			emit({kind: 'report', report});
		}

		toGround();
	};
	const csi = (byte: number): void => {
		// `CSI [ A` is a function key in the Linux console, and `CSI 2 $` is a Shift key combination in rxvt.
		const isLinux = byte === 0x5b && collected === '';
		const isShifted = byte === 0x24 && /^[235678]$/.test(collected);
		if (!isLinux && (isShifted || (byte >= 0x40 && byte <= 0x7e))) {
			endCsi(String.fromCharCode(byte));
		} else if (isLinux || (byte >= 0x20 && byte <= 0x3f)) {
			collect(byte, longestSequence);
		} else {
			toGround();
			again(byte);
		}
	};
	const ss3 = (byte: number): void => {
		if (byte >= 0x40 && byte <= 0x7e) {
			key(keyOfSs3(String.fromCharCode(byte)));
			toGround();
		} else if (byte >= 0x30 && byte <= 0x3b) {
			collect(byte, longestSequence);
		} else {
			toGround();
			again(byte);
		}
	};
	const endString = (): void => {
		const report = readStringReport(collected);
		toGround();
		if (report !== undefined) {
			emit({kind: 'report', report});
		}
	};
	const string = (byte: number): void => {
		if (state === 'string-escape') {
			if (byte === 0x5c) {
				endString();
			} else {
				// An escape that isn't part of the terminator cancels the string, and begins a new sequence.
				begin('escape');
				again(byte);
			}
		} else if (byte === esc) {
			state = 'string-escape';
		} else if (cancel.has(byte)) {
			toGround();
		} else if (byte === bel || (byte === stringTerminator && left === 0)) {
			endString();
		} else {
			// 0x9C can be part of a character.
			left = left > 0 && byte >= 0x80 && byte <= 0xbf ? left - 1 : continuationsOf(byte);
			collect(byte, longestString);
		}
	};
	const keep = (byte: number): void => {
		tail = (tail + String.fromCharCode(byte)).slice(-pasteEnd.length);
		if (bytes.length < longestPaste + pasteEnd.length) {
			bytes.push(byte);
		}
	};
	const endPaste = (kept: readonly number[]): void => {
		emit({kind: 'paste', text: Buffer.from(kept.slice(0, longestPaste)).toString('utf8')});
	};
	const paste = (byte: number): void => {
		keep(byte);
		if (tail === pasteEnd) {
			endPaste(bytes.slice(0, -pasteEnd.length));
			begin('after-paste');
		}
	};
	/**
	 * Handles input after a paste. If the clipboard contains a paste terminator, some terminals pass it on, and the
	 * rest of the clipboard then arrives as if it were typed.
	 */
	const afterPaste = (byte: number): void => {
		keep(byte);
		if (tail === pasteStart) {
			begin('paste');
		} else if (tail === pasteEnd) {
			begin('after-paste');
		}
	};
	const states: Readonly<Record<State, (byte: number) => void>> = {
		ground,
		escape: afterEscape,
		'escape-twice': afterEscape,
		csi,
		ss3,
		string,
		'string-escape': string,
		x10() {
			left--;
			if (left === 0) {
				toGround();
			}
		},
		paste,
		'after-paste': afterPaste,
	};
	const again = (byte: number): void => states[state](byte);

	/** Handles the input that was held back in case another paste mark followed: it was typed after all. */
	const release = (): void => {
		const held = bytes;
		toGround();
		for (const byte of held) {
			again(byte);
		}
	};
	const expire = (): void => {
		switch (state) {
			case 'escape':
				toGround();
				key('esc');
				break;
			case 'escape-twice':
				toGround();
				key('esc');
				key('esc');
				break;
			case 'paste':
				endPaste(bytes);
				toGround();
				break;
			case 'after-paste':
				release();
				break;
			default:
				toGround();
		}
	};
	const waits: Readonly<Record<State, number | undefined>> = {
		ground: undefined,
		escape: escapeMs,
		'escape-twice': escapeMs,
		csi: sequenceMs,
		ss3: sequenceMs,
		x10: sequenceMs,
		string: stringMs,
		'string-escape': stringMs,
		paste: pasteMs,
		'after-paste': afterPasteMs(escapeMs),
	};
	return {
		push(read) {
			for (const byte of read) {
				again(byte);
			}
		},
		waitMs: () => waits[state],
		expire,
	};
}

/**
 * Returns the number of bytes that follow the first one of a UTF-8 character; 0 for 0xC2, so that the string
 * terminator in UTF-8 (0xC2 0x9C) also ends a string.
 */
function continuationsOf(lead: number): number {
	return lead >= 0xc3 && lead <= 0xf4 ? (lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1) : 0;
}
