import {type ResolvedFinding, ranksOf} from '../metrics/findings.ts';
import {describeRanks} from './finding-text.ts';

/** Returns a clause that says how a finding ended. */
export function describeEnd(finding: ResolvedFinding): string {
	const {subject, ending} = finding;
	const node = subject.kind === 'deployment' ? '' : subject.node;
	const ranks = ranksOf(finding);
	const place = ranks.length === 0 ? node : `${node} ${describeRanks(ranks)}`;
	if (ending === 'gone' && node !== '') {
		return `${node} is no longer part of the deployment`;
	}

	if (ending === 'stopped' && finding.rule === 'sampler-status') {
		return "the deployment isn't running";
	}

	if (ending === 'stopped') {
		return `no samples${place === '' ? '' : ` from ${place}`} are expected, because the deployment isn't running`;
	}

	if (ending === 'gone') {
		return 'the deployment no longer has a sampler';
	}

	switch (finding.rule) {
		case 'status':
			return finding.ofRun
				? 'the deployment no longer has an ended run'
				: `the deployment no longer has the status ${finding.status}`;
		case 'stale':
			return 'new samples arrive again';
		case 'missing-node':
			return node !== ''
				? `${node} reports again`
				: finding.value === 0
					? 'nodes report again'
					: 'the missing nodes report';
		case 'missing-gpu':
			return ranks.length === 0
				? `all GPUs of ${node} report`
				: `${place} ${ranks.length === 1 ? 'reports' : 'report'} again`;
		case 'idle-gpus':
			return `${place} ${ranks.length === 1 ? 'is' : 'are'} no longer idle while others work`;
		case 'straggler':
			return `${place} is no longer a straggler`;
		case 'idle-deployment':
			return 'the deployment is in use again';
		case 'sampler-status':
			return `the sampler no longer has the status ${finding.status}`;
		case 'sampler-stalled':
			return 'requests to the sampler no longer hang';
		case 'sampler-5xx':
			return 'requests to the sampler fail with 5xx less often';
		case 'stalled':
			return 'requests no longer hang';
		case 'ram':
			return `RAM on ${place} is no longer nearly full`;
		case 'restarted':
			return `RAM use on ${place} hasn't fallen again for 30 minutes`;
		case 'disk':
			return `storage on ${place} is no longer nearly full`;
		case 'disk-growth':
			return `storage on ${place} is no longer about to be full`;
		case 'gpu-memory':
			return `the memory of ${place} is no longer nearly full`;
		case 'checkpoint-age':
			return 'there is a newer checkpoint, or the run has ended';
		case '5xx':
			return 'requests fail with 5xx less often';
		case '4xx':
			return 'requests are refused with 4xx less often';
	}
}
