import process from 'node:process';
import type {TestEvent} from 'node:test/reporters';

/**
 * A reporter for `node --test` that prints, after all tests, how many were skipped for each reason. A reason can name,
 * for example, the programs that a test needs and the command that installs them. If LOOPS_TOP_REQUIRE_PROGRAMS is 1,
 * a skipped test fails the run.
 */
async function* reportSkipped(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
	const counts = new Map<string, number>();
	for await (const {type, data} of events) {
		if (type === 'test:pass' && data.skip !== undefined && data.skip !== false) {
			const reason = data.skip === true ? data.name : data.skip;
			counts.set(reason, (counts.get(reason) ?? 0) + 1);
		}
	}

	for (const [reason, count] of counts) {
		yield `skipped ${count} ${count === 1 ? 'test' : 'tests'}: ${reason}\n`;
	}

	if (counts.size > 0 && process.env['LOOPS_TOP_REQUIRE_PROGRAMS'] === '1') {
		process.exitCode = 1;
		yield "Tests can't be skipped if LOOPS_TOP_REQUIRE_PROGRAMS is 1. Install the programs, or unset it.\n";
	}
}

// biome-ignore lint/style/noDefaultExport: Node.js takes a reporter from the default export.
export default reportSkipped;
