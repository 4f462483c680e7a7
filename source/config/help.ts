import {scenarios} from '../demo/scenarios.ts';
import {type Flag, flags} from './flags.ts';

const columns = 80;

/** The text of --help: at most 80 columns wide, with a line break at its end. */
export function helpText(): string {
	return `Usage: loops-top [DEPLOYMENT-ID] [options]
       loops-top --demo [SCENARIO]
       loops-top completion bash|zsh|fish

A live monitor for Baseten Loops trainers: requests, latency, GPUs and nodes.

Options:
${twoColumns(flags.map(flag => [spellings(flag), describe(flag)]))}

Demo scenarios:
${twoColumns(scenarios.map(({name, about}) => [name, about]))}

Examples:
${twoColumns([
	['loops-top', 'choose among your deployments; the only live one is watched at once'],
	['loops-top k4q95w5', 'watch this deployment: the last hour'],
	['loops-top k4q95w5 -w 24h -i 1m', 'the last day, asked every minute'],
	['loops-top --demo straggler', 'try it without an account'],
])}

The API key is the first of these that there is:
${twoColumns([
	['--profile NAME', 'a profile of the baseten CLI'],
	['--remote NAME', 'a remote of truss'],
	['BASETEN_API_KEY', 'with BASETEN_REMOTE_URL, where that is set'],
	['BASETEN_PROFILE', 'a profile of the baseten CLI'],
	['auth.json', 'the current profile of the baseten CLI'],
	['~/.trussrc', 'the remote named baseten, or the only one'],
])}
One that the baseten CLI or truss keeps in the system's keyring is read with
secret-tool (Linux) or security (macOS), which may ask for your password.

A setting is taken from its flag, its variable or the configuration file, the
first that has it:
${twoColumns([
	['LOOPS_TOP_…', 'WINDOW, INTERVAL, THEME, SYMBOLS, UTC, MOUSE, BELL (1 or 0) and THRESHOLD'],
	['config.json', 'in ~/.config/loops-top or %APPDATA%\\loops-top, or what --config names'],
])}
The file is JSON, such as {"window": "3h", "mouse": true,
"thresholds": {"disk": 85, "stale": "5m"}}. The key never belongs there.

Exit codes:
${twoColumns([
	['0', 'success'],
	['1', 'another error'],
	['2', 'wrong flag or setting'],
	['3', 'no API key, or one that is refused'],
	['4', 'no such deployment'],
	['5', 'request refused'],
	['6', 'server or network error'],
	['10', 'something was found that --fail-on names'],
	['130', 'interrupted'],
])}
`;
}

/** A flag as it is written: `-w, --window TIME`. */
function spellings({long, short, takes, placeholder = 'VALUE'}: Flag): string {
	const value = takes === 'nothing' ? '' : takes === 'value' ? ` ${placeholder}` : ` [${placeholder}]`;
	return `${short === undefined ? '    ' : `-${short}, `}--${long}${value}`;
}

function describe({help, default: preset}: Flag): string {
	return preset === undefined ? help : `${help} (default ${preset})`;
}

/** Names on the left, what they mean on the right, wrapped where it is too long for one line. */
function twoColumns(rows: ReadonlyArray<readonly [name: string, meaning: string]>): string {
	const indent = 2 + Math.max(...rows.map(([name]) => name.length)) + 2;
	return rows
		.map(([name, meaning]) => {
			const lines = wrap(meaning, columns - indent);
			return `  ${name.padEnd(indent - 2)}${lines.join(`\n${' '.repeat(indent)}`)}`;
		})
		.join('\n');
}

function wrap(text: string, width: number): readonly string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		if (line !== '' && line.length + 1 + word.length > width) {
			lines.push(line);
			line = word;
		} else {
			line = line === '' ? word : `${line} ${word}`;
		}
	}

	return [...lines, line];
}
