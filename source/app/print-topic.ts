import type {PrintedTopic} from '../command-line/printed-topic.ts';
import {grafanaDashboard} from '../output/grafana-dashboard.ts';
import {prometheusRules} from '../output/prometheus-rules.ts';

/** Returns the text of a file for another program. */
export function topicText(topic: PrintedTopic): string {
	return topic === 'prometheus-rules' ? prometheusRules() : grafanaDashboard();
}
