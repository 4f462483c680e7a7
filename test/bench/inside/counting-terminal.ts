import {EventEmitter} from 'node:events';
import type {Size} from '../../../source/view/layout.ts';

/** A terminal's screen that counts what is written to it. */
export class CountingScreen extends EventEmitter {
	readonly isTTY = true;
	columns: number;
	rows: number;
	/** How often it was written to: what is written in one turn is one frame. */
	frames = 0;
	bytes = 0;
	#frame: NodeJS.Immediate | undefined;

	constructor({columns, rows}: Size) {
		super();
		this.columns = columns;
		this.rows = rows;
	}

	write(data: string, done?: () => void): boolean {
		this.#frame ??= this.#beginFrame();
		this.bytes += Buffer.byteLength(data);
		this.emit('frame');
		done?.();
		return true;
	}

	resize({columns, rows}: Size): void {
		this.columns = columns;
		this.rows = rows;
		this.emit('resize');
	}

	#beginFrame(): NodeJS.Immediate {
		this.frames++;
		return setImmediate(() => {
			this.#frame = undefined;
		});
	}
}

/** A keyboard that is pressed by a program. */
export class ProgrammedKeyboard extends EventEmitter {
	readonly isTTY = true;
	#pending: string | null = null;

	press(keys: string): void {
		this.#pending = keys;
		this.emit('readable');
	}

	read(): string | null {
		const keys = this.#pending;
		this.#pending = null;
		return keys;
	}

	setRawMode(): void {}
	setEncoding(): void {}
	ref(): void {}
	unref(): void {}
}
