import {targetName} from '../../api/target.ts';
import {type Component, components} from '../../state/component.ts';
import {activeHistory} from '../../state/derive-views.ts';
import type {State} from '../../state/state.ts';
import type {Zone} from '../../text/clock-time.ts';
import {csvRows} from './csv.ts';
import {type ExportedSeries, exportedSeries} from './exported-series.ts';
import {htmlPage} from './html.ts';
import {openMetricsText} from './openmetrics.ts';

/** The formats that have the series of a window in them, and not only its newest values. */
export type ExportFormat = 'csv' | 'openmetrics' | 'html';

/** Writes the window of a state in pieces: both components, as far as they were loaded. */
export function exportText(format: ExportFormat, state: State, zone: Zone): Iterable<string> {
	const seriesOf = (component: Component): readonly ExportedSeries[] =>
		exportedSeries(component, activeHistory(state, component));
	switch (format) {
		case 'csv':
			return csvRows(components.flatMap(seriesOf));
		case 'openmetrics':
			return openMetricsText(components.flatMap(seriesOf), targetName(state.target));
		case 'html':
			return [htmlPage(state, zone)];
	}
}
