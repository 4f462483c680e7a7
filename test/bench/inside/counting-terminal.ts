import {EventEmitter} from 'node:events';
import type {Size} from '../../../source/view/layout.ts';

/** A terminal's screen that counts what is written to it. */
export class CountingScreen extends EventEmitter {
	readonly isTTY = true;
	columns: number;
	rows: number;
	/** The number of frames: everything that is written in one turn of the event loop is one frame. */
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

/** A standard input that receives no keypresses. */
export class IdleInput extends EventEmitter {
	readonly isTTY = true;

	read(): null {
		return null;
	}

	setRawMode(): void {}
	setEncoding(): void {}
	ref(): void {}
	unref(): void {}
}
