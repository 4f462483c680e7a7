import {type Gpu, type Node, share} from '../../metrics/node.ts';
import {symbols} from '../../theme/theme.ts';
import {firstFitting, type Line, lineWidth, padStart, span, textWidth} from '../line.ts';
import {trendRows} from '../metric-line.ts';
import type {PaneInput} from '../pane-content.ts';
import {thinBar} from '../sparkline.ts';
import {
	busyOf,
	busyWidth,
	isOld,
	markOf,
	measureGpu,
	percentWidth,
	rankSpan,
	tonesOf,
	utilizationBar,
	utilizationText,
} from './gpu-rows.ts';

/** The widths of the parts of a row with several lines. */
function widthsOfSeveral(gpu: Gpu, node: Node, width: number) {
	const {rank, memory} = measureGpu(gpu, node, false);
	const numbers = Math.max(textWidth(memory), percentWidth) + 1;
	const room = width - 1 - rank - numbers - 1;
	const busy = room >= 48 ? busyWidth : 0;
	const barWidth = room < 24 ? Math.max(room, 1) : Math.floor((room - 2 - busy) * 0.4);
	const trendWidth = room < 24 ? 0 : room - 2 - barWidth - busy;
	return {rank, memory, numbers, busy, barWidth, trendWidth};
}

/** Returns the titles above the pairs of bars, which identify the bars and show the time range of the trends. */
export function headOfSeveral(node: Node, input: PaneInput): Line {
	const {view, width} = input;
	const [gpu] = node.gpus;
	if (gpu === undefined) {
		return [];
	}

	const {rank, numbers, busy, barWidth, trendWidth} = widthsOfSeveral(gpu, node, width);
	const legends: readonly Line[] = [
		[span(symbols.bar), span(' utilization  ', 'dim'), span(symbols.thinBar), span(' memory', 'dim')],
		[span(symbols.bar), span(' util  ', 'dim'), span(symbols.thinBar), span(' mem', 'dim')],
		[span('utilization', 'dim')],
		[],
	];
	const legend = firstFitting(legends, barWidth);
	const {name} = view.snapshot.window;
	const course = [`utilization in ${name}, 0–100%`, `utilization in ${name}`, `in ${name}`, ''];
	return [
		span(' '.repeat(rank + 1)),
		...legend,
		span(' '.repeat(Math.max(barWidth - lineWidth(legend), 0))),
		span(padStart(isOld(node, input) ? 'last' : 'now', numbers), 'dim'),
		...(trendWidth > 0
			? [span(`  ${(course.find(text => textWidth(text) <= trendWidth) ?? '').padEnd(trendWidth)}`, 'dim')]
			: []),
		...(busy > 0 ? [span(padStart('busy', busy), 'dim')] : []),
	];
}

/**
 * Draws a GPU in several lines: the bar and value of its utilization, those of its memory, and its utilization over
 * time.
 */
export function gpuInSeveralLines(gpu: Gpu, node: Node, input: PaneInput, height: number): readonly Line[] {
	const {rank, memory, numbers, busy, barWidth, trendWidth} = widthsOfSeveral(gpu, node, input.width);
	const tones = tonesOf(gpu, node, input);
	const {snapshot} = input.view;
	const over =
		trendWidth > 0
			? trendRows(gpu.series.utilization, trendWidth, {
					snapshot,
					tone: tones.trend,
					top: 1,
					// A blank line separates the GPUs if there is space.
					height: height > 3 ? height - 1 : height,
					symbols: input.symbols,
				})
			: [];
	const before: readonly Line[] = [
		[
			rankSpan(gpu, node, rank),
			...utilizationBar(gpu, node, input, barWidth, tones.utilization),
			span(
				padStart(utilizationText(gpu, node, input, numbers), numbers),
				tones.utilization === 'plain' ? 'strong' : tones.utilization,
			),
		],
		[
			span(' '.repeat(rank + 1)),
			...thinBar(share(gpu.memory, gpu.memoryTotal), barWidth, tones.memory),
			span(padStart(memory, numbers), tones.memory),
		],
	];
	return Array.from({length: height}, (_, index): Line => {
		const left = before[index] ?? [span(' '.repeat(rank + 1 + barWidth + numbers))];
		const right: Line = trendWidth > 0 ? [span('  '), ...(over[index] ?? [])] : [];
		return index > 0
			? [...left, ...right]
			: [...left, ...right, ...(busy > 0 ? busyOf(gpu) : []), markOf(gpu, node, input)];
	});
}
