import {EventEmitter} from 'node:events';
import headless from '@xterm/headless';
import type {Size} from '../../source/view/layout.ts';

/** A standard output that is connected to a terminal emulator in this process. */
export class EmulatedScreen extends EventEmitter {
	readonly isTTY = true;
	readonly columns: number;
	readonly rows: number;
	/** The title that was set for the terminal, if any. */
	title: string | undefined;
	#emulator: headless.Terminal;

	constructor({columns, rows}: Size) {
		super();
		this.columns = columns;
		this.rows = rows;
		this.#emulator = new headless.Terminal({
			cols: columns,
			rows,
			allowProposedApi: true,
			convertEol: true,
			scrollback: 0,
		});
		this.#emulator.onTitleChange(title => {
			this.title = title;
		});
	}

	write(data: string, done?: () => void): boolean {
		this.#emulator.write(data, done);
		return true;
	}

	/** Resolves with the rows, without trailing spaces, once all output has been processed. */
	async text(): Promise<readonly string[]> {
		await new Promise<void>(resolve => {
			this.#emulator.write('', resolve);
		});
		const {active} = this.#emulator.buffer;
		return Array.from({length: this.rows}, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
	}

	close(): void {
		this.#emulator.dispose();
	}
}
