import type {Node} from '../../metrics/node.ts';
import {formatBytes, formatMemory, formatPercent} from '../../text/format.ts';
import {symbols} from '../../theme/theme.ts';
import {busyWords, oldForms} from '../age-words.ts';
import {type Line, span} from '../line.ts';
import type {PaneInput} from '../pane-content.ts';

/** How busy the GPUs of a node were and are, over how many of them, and their memory: in forms from long to short. */
export function gpuValues(node: Node | undefined, input: PaneInput): readonly Line[] {
	if (node === undefined) {
		return [[]];
	}

	const old = oldForms(node.lastHeardMs, input);
	if (old !== undefined) {
		return old;
	}

	const {window, atMs} = input.view.snapshot;
	const {busy, gpusReporting, gpusExpected} = node;
	const percent = span(formatPercent(node.utilization), 'strong');
	const isPartial = gpusReporting > 0 && gpusReporting < gpusExpected;
	const now: Line = isPartial ? [percent, span(` over ${gpusReporting} of ${gpusExpected}`, 'warn')] : [percent];
	const named: Line = [span(`${atMs === undefined ? 'now' : 'then'} `, 'dim'), ...now];
	const memory = formatMemory(node.gpuMemory, node.gpuMemoryTotal);
	const whole: Line = [...named, span(` ${symbols.dot} ${memory}`)];
	return [
		...(busy === undefined
			? []
			: [
					[span('busy ', 'dim'), span(busyWords(busy, window)), span(` ${symbols.dot} `, 'dim'), ...whole],
					[span('busy ', 'dim'), span(busyWords(busy, window)), span(` ${symbols.dot} `, 'dim'), ...named],
				]),
		[...now, span(` ${symbols.dot} ${memory}`)],
		[...now, span(` ${symbols.dot} ${formatBytes(node.gpuMemory)}`)],
		now,
		[percent],
	];
}
