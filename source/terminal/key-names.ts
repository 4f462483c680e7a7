/** Decodes characters from UTF-8 bytes. */
type TextDecoder = {
	/** Returns whether a character is incomplete and this byte continues it. */
	readonly isWithin: (byte: number) => boolean;
	readonly push: (byte: number) => void;
	/** Drops an incomplete character. */
	readonly drop: () => void;
};

/** Creates a decoder that passes on each character. Bytes that aren't UTF-8 are dropped, because they aren't keys. */
export function createTextDecoder(emit: (character: string) => void): TextDecoder {
	let begun: number[] = [];
	let length = 0;
	const isWithin = (byte: number): boolean => begun.length > 0 && byte >= 0x80 && byte <= 0xbf;
	return {
		isWithin,
		push(byte) {
			if (isWithin(byte)) {
				begun.push(byte);
				if (begun.length === length) {
					const character = Buffer.from(begun).toString('utf8');
					begun = [];
					// Overlong encodings and surrogates become several replacement characters.
					if ([...character].length === 1 && character !== '\uFFFD') {
						emit(character);
					}
				}

				return;
			}

			begun = [];
			if (byte < 0x80) {
				emit(String.fromCharCode(byte));
			} else if (byte >= 0xc2 && byte <= 0xf4) {
				begun = [byte];
				length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
			}
		},
		drop() {
			begun = [];
		},
	};
}

/** The keys by the last character of their sequence: `CSI A`, `CSI 1;2A`, `SS3 A`. */
const letters: Readonly<Record<string, string>> = {
	A: 'up',
	B: 'down',
	C: 'right',
	D: 'left',
	H: 'home',
	F: 'end',
	P: 'f1',
	Q: 'f2',
	R: 'f3',
	S: 'f4',
};

/** The keys by the number before a `~`, as sent by the VT220, the Linux console, and rxvt. */
const numbers: Readonly<Record<string, string>> = {
	'1': 'home',
	'3': 'delete',
	'4': 'end',
	'5': 'pageup',
	'6': 'pagedown',
	'7': 'home',
	'8': 'end',
	'11': 'f1',
	'21': 'f10',
};

/** The keys on the number pad in application mode (DECKPAM), which another program can leave on: `SS3 p` is 0. */
const numberPad: Readonly<Record<string, string>> = {
	M: 'enter',
	I: 'tab',
	X: '=',
	j: '*',
	k: '+',
	l: ',',
	m: '-',
	n: '.',
	o: '/',
	...Object.fromEntries(Array.from({length: 10}, (_, digit) => [String.fromCharCode(0x70 + digit), String(digit)])),
};

/**
 * The keys by their code in kitty's protocol and xterm's modifyOtherKeys, in case another program left one of them on.
 */
const codes: Readonly<Record<number, string>> = {
	8: 'backspace',
	9: 'tab',
	13: 'enter',
	27: 'esc',
	32: 'space',
	127: 'backspace',
	57414: 'enter',
	...Object.fromEntries([...'0123456789./*-+'].map((character, index) => [57_399 + index, character])),
	57415: '=',
	57417: 'left',
	57418: 'right',
	57419: 'up',
	57420: 'down',
	57421: 'pageup',
	57422: 'pagedown',
	57423: 'home',
	57424: 'end',
	57426: 'delete',
};

const modifierBits = {shift: 1, alt: 2, ctrl: 4} as const;

/** Returns the bits of a modifier parameter, which is those bits plus one. Caps lock and num lock are omitted. */
function modifiersOf(parameter: string | undefined): number {
	return Math.max(Number(parameter || 1) - 1, 0) % 64;
}

/**
 * Returns the name of a key with its modifiers. Shift changes only the names of the left, right, and tab keys. Keys
 * with any other modifier have no meaning here, so the result is undefined.
 */
function modified(name: string | undefined, modifiers: number): string | undefined {
	if (name === undefined || modifiers > modifierBits.shift) {
		return undefined;
	}

	return modifiers === modifierBits.shift && ['left', 'right', 'tab'].includes(name) ? `shift-${name}` : name;
}

/** Returns a key by its code point: a letter with Ctrl is the same as the control character. */
function ofCode(code: number, modifiers: number): string | undefined {
	const character =
		code >= 0x21 && code < 0xe0_00 && (code < 0x7f || code > 0x9f) ? String.fromCodePoint(code) : undefined;
	if (modifiers === modifierBits.ctrl && character !== undefined && /^[a-z]$/.test(character)) {
		return `ctrl-${character}`;
	}

	if (modifiers === modifierBits.shift && character !== undefined) {
		return character.toUpperCase();
	}

	return modified(codes[code] ?? character, modifiers);
}

/** Returns the key for the text after `CSI`: `A`, `1;2D`, `5~`, `[A`; undefined for anything without a meaning here. */
export function keyOfCsi(sequence: string): string | undefined {
	if (sequence === 'Z') {
		return 'shift-tab';
	}

	const [, letterModifiers, letter = ''] = /^(?:1;(\d+)(?::[12])?)?([A-DHFPQRS])$/.exec(sequence) ?? [];
	// With parameters, `R` is the position of the cursor.
	if (letter !== '' && !(letter === 'R' && letterModifiers !== undefined)) {
		return modified(letters[letter], modifiersOf(letterModifiers));
	}

	const [, number = '', numberModifiers] = /^(\d+)(?:;(\d+)(?::[12])?)?~$/.exec(sequence) ?? [];
	const [, other, code] = /^27;(\d+);(\d+)~$/.exec(sequence) ?? [];
	const [, kitty, kittyModifiers] = /^(\d+)(?::[\d:]*)?(?:;(\d+)(?::[12])?)?(?:;[\d:]*)?u$/.exec(sequence) ?? [];
	const [, shifted] = /^([78356])\$$/.exec(sequence) ?? [];
	const [, rxvt] = /^([a-d])$/.exec(sequence) ?? [];
	if (code !== undefined) {
		return ofCode(Number(code), modifiersOf(other));
	}

	if (kitty !== undefined) {
		return ofCode(Number(kitty), modifiersOf(kittyModifiers));
	}

	if (rxvt !== undefined) {
		return modified(letters[rxvt.toUpperCase()], modifierBits.shift);
	}

	if (shifted !== undefined) {
		return numbers[shifted];
	}

	return sequence === '[A' ? 'f1' : modified(numbers[number], modifiersOf(numberModifiers));
}

/** Returns the key for the character after `SS3`; undefined for anything without a meaning here. */
export function keyOfSs3(character: string): string | undefined {
	return numberPad[character] ?? letters[character];
}

const controls: Readonly<Record<number, string>> = {
	8: 'backspace',
	9: 'tab',
	10: 'enter',
	13: 'enter',
	127: 'backspace',
};

/** Returns the key for a control character: `ctrl-c` for 3. NUL and 27 to 31 have no meaning here. */
export function nameControl(code: number): string | undefined {
	return controls[code] ?? (code >= 1 && code <= 26 ? `ctrl-${String.fromCharCode(code + 0x60)}` : undefined);
}
