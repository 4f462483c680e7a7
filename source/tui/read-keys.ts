import type {Key} from 'ink';

/** Keys that Ink tells by a flag, by the names of the keymap. */
const flagged = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageUp', 'pageup'],
	['pageDown', 'pagedown'],
	['home', 'home'],
	['end', 'end'],
	['return', 'enter'],
	['escape', 'esc'],
	['backspace', 'backspace'],
	['delete', 'delete'],
] as const satisfies ReadonlyArray<readonly [keyof Key, string]>;

const characters: Readonly<Record<string, string>> = {' ': 'space', '\t': 'tab', '\r': 'enter', '\n': 'enter'};

/**
 * The names of the keys in one event of Ink's. A key that repeats arrives as one string (`jjj`), and so does pasted text:
 * each character is a key. A key with Alt is none of ours.
 */
export function readKeys(input: string, key: Key): readonly string[] {
	if (key.eventType === 'release') {
		return [];
	}

	if (key.tab) {
		return [key.shift ? 'shift-tab' : 'tab'];
	}

	const name = flagged.find(([flag]) => key[flag] === true)?.[1];
	if (name !== undefined) {
		return [key.shift && (name === 'left' || name === 'right') ? `shift-${name}` : name];
	}

	if (key.meta || key.super || key.hyper) {
		return [];
	}

	return key.ctrl ? [`ctrl-${input}`] : [...input].map(nameCharacter);
}

/** Ink names a control character only when it comes alone; in a row of keys it is still itself. */
function nameCharacter(character: string): string {
	const code = character.charCodeAt(0);
	return characters[character] ?? (code < 0x20 ? `ctrl-${String.fromCharCode(code + 0x60)}` : character);
}
