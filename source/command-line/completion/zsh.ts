import {type Flag, flags} from '../flags.ts';
import {shells} from '../printed-topic.ts';

/** Returns the completion script for zsh, to be saved as _loops-top in a directory of $fpath, or sourced. */
export function zshScript(): string {
	return `#compdef loops-top

_loops_top_stored() {
	local -a names
	names=(\${(f)"$(loops-top completion $1 2>/dev/null)"})
	compadd -a names
}

_loops_top_first() {
	if [[ $PREFIX == c* ]]; then
		compadd completion
	else
		_message 'deployment id'
	fi
}

_loops_top_second() {
	[[ $words[CURRENT-1] == completion ]] && compadd ${shells.join(' ')}
}

_loops_top() {
	_arguments -s -S \\
${flags.map(flag => `\t\t${specOf(flag)} \\`).join('\n')}
		'1:deployment id:_loops_top_first' \\
		'2:shell:_loops_top_second'
}

# From a folder of $fpath this file is the function; otherwise it is sourced.
if [[ $funcstack[1] == _loops-top ]]; then
	_loops_top "$@"
else
	compdef _loops_top loops-top
fi
`;
}

/** Returns the specification of a flag for _arguments: `(-w --window)'{-w+,--window=}'[help]:TIME:(5m 15m)'`. */
function specOf({long, short, takes, help, placeholder = 'VALUE', values, isList}: Flag): string {
	const value =
		takes === 'nothing' ? '' : `${takes === 'value' ? ':' : '::'}${placeholder}:${actionOf(values, isList)}`;
	const rest = quote(`[${help.replaceAll(/[[\]\\]/g, '\\$&')}]${value}`);
	const equals = takes === 'nothing' ? '' : '=';
	if (short === undefined) {
		return `--${long}${equals}${rest}`;
	}

	return `'(-${short} --${long})'{-${short}${takes === 'nothing' ? '' : '+'},--${long}${equals}}${rest}`;
}

function actionOf(values: Flag['values'], isList: Flag['isList']): string {
	switch (values) {
		case undefined:
			return ' ';
		case 'files':
			return '_files';
		case 'profiles':
		case 'remotes':
			return `{_loops_top_stored ${values}}`;
		default:
			return isList === true ? `_values -s , value ${values.join(' ')}` : `(${values.join(' ')})`;
	}
}

function quote(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
