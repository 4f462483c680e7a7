import {cleanText} from '../api/clean-text.ts';
import {profileNames} from '../credentials/baseten-auth-file.ts';
import type {HostEnvironment} from '../credentials/host-environment.ts';
import {remoteNames} from '../credentials/trussrc.ts';
import {UserError} from '../errors/user-error.ts';
import {type CompletionTopic, shells} from './arguments.ts';
import {type Flag, flags} from './flags.ts';

/** Returns the completion script for bash 3.2 (macOS) or later. */
function bashScript(): string {
	return `# Completes loops-top in bash.
_loops_top() {
	local word=\${COMP_WORDS[COMP_CWORD]} flag=\${COMP_WORDS[COMP_CWORD - 1]} choices= choice before=
	# bash splits --window=1h into three words.
	if [[ $word == = ]]; then
		word=
	elif [[ $flag == = ]]; then
		flag=\${COMP_WORDS[COMP_CWORD - 2]}
	fi

	COMPREPLY=()
	case $flag in
${flags.flatMap(bashCaseOf).join('\n')}
	esac

	if [[ $COMP_CWORD == 2 && $flag == completion ]]; then
		choices=${bashQuoted(shells)}
	elif [[ -z $choices || $word == -* ]]; then
		choices=${bashQuoted(flags.map(({long}) => `--${long}`))}
		[[ $COMP_CWORD == 1 ]] && choices+=$'\\ncompletion'
	fi

	while IFS= read -r choice; do
		[[ -n $choice && $before$choice == "$word"* ]] && COMPREPLY+=("$before$(printf %q "$choice")")
	done <<<"$choices"
}
complete -F _loops_top loops-top
`;
}

/** Returns the branch of the `case` for the value of a flag, if it takes one. */
function bashCaseOf({long, short, takes, values, isList}: Flag): readonly string[] {
	if (takes === 'nothing') {
		return [];
	}

	const names = `${short === undefined ? '' : `-${short} | `}--${long}`;
	switch (values) {
		case undefined:
			return [`\t\t${names}) return ;;`];
		case 'files':
			return [
				`\t\t${names})`,
				'\t\t\tcompopt -o filenames 2>/dev/null',
				'\t\t\twhile IFS= read -r choice; do COMPREPLY+=("$choice"); done < <(compgen -f -- "$word")',
				'\t\t\treturn',
				'\t\t\t;;',
			];
		case 'profiles':
		case 'remotes':
			return [`\t\t${names}) choices=$(loops-top completion ${values} 2>/dev/null) && [[ -n $choices ]] || return ;;`];
		default:
			return isList === true
				? [
						`\t\t${names})`,
						`\t\t\tchoices=${bashQuoted(values)}`,
						// After a comma, another value begins.
						`\t\t\t[[ $word == *,* ]] && before=\${word%,*},`,
						'\t\t\t[[ $choices == *=* ]] && compopt -o nospace 2>/dev/null',
						'\t\t\t;;',
					]
				: [`\t\t${names}) choices=${bashQuoted(values)} ;;`];
	}
}

/** Returns words on separate lines as a bash string. No word contains a quotation mark. */
function bashQuoted(words: readonly string[]): string {
	return `$'${words.join('\\n')}'`;
}

/** Returns the completion script for zsh, to be saved as _loops-top in a directory in $fpath, or sourced. */
function zshScript(): string {
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
		_message 'deployment ID'
	fi
}

_loops_top_second() {
	[[ $words[CURRENT-1] == completion ]] && compadd ${shells.join(' ')}
}

_loops_top() {
	_arguments -s -S \\
${flags.map(flag => `\t\t${zshSpecOf(flag)} \\`).join('\n')}
		'1:deployment id:_loops_top_first' \\
		'2:shell:_loops_top_second'
}

# If zsh autoloads this file from $fpath, the file is the body of the function; otherwise, it is sourced.
if [[ $funcstack[1] == _loops-top ]]; then
	_loops_top "$@"
else
	compdef _loops_top loops-top
fi
`;
}

/** Returns the specification of a flag for _arguments: `'(-w --window)'{-w+,--window=}'[help]:TIME:(5m 15m)'`. */
function zshSpecOf({long, short, takes, help, placeholder = 'VALUE', values, isList}: Flag): string {
	const value =
		takes === 'nothing' ? '' : `${takes === 'value' ? ':' : '::'}${placeholder}:${zshActionOf(values, isList)}`;
	const rest = zshQuoted(`[${help.replaceAll(/[[\]\\]/g, '\\$&')}]${value}`);
	const equals = takes === 'nothing' ? '' : '=';
	if (short === undefined) {
		return `--${long}${equals}${rest}`;
	}

	return `'(-${short} --${long})'{-${short}${takes === 'nothing' ? '' : '+'},--${long}${equals}}${rest}`;
}

function zshActionOf(values: Flag['values'], isList: Flag['isList']): string {
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

function zshQuoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Returns the completion script for fish. */
function fishScript(): string {
	return `# Completes loops-top in fish.
complete -c loops-top -f
complete -c loops-top -n 'test (count (commandline -opc)) -eq 1; and string match -q "c*" -- (commandline -ct)' -a completion -d 'print a script for a shell'
complete -c loops-top -n 'test (count (commandline -opc)) -eq 2; and test (commandline -opc)[2] = completion' -a ${fishQuoted(shells.join(' '))}
${flags.flatMap(fishLinesOf).join('\n')}
`;
}

function fishLinesOf({long, short, takes, help, values, isList}: Flag): readonly string[] {
	const names = `${short === undefined ? '' : `-s ${short} `}-l ${long}`;
	const about = `-d ${fishQuoted(help)}`;
	const line = (rest: string): string => `complete -c loops-top ${names} ${rest}${about}`;
	if (takes === 'nothing') {
		return [line('')];
	}

	const choices = fishChoicesOf(values, isList);
	return takes === 'value'
		? [line(`${values === 'files' ? '-r -F ' : '-x '}${choices}`)]
		: // In fish, an optional value follows an equals sign; the second line also completes a separate word.
			[line(choices), `complete -c loops-top -n 'test (commandline -opc)[-1] = --${long}' ${choices}`.trimEnd()];
}

function fishChoicesOf(values: Flag['values'], isList: Flag['isList']): string {
	switch (values) {
		case undefined:
		case 'files':
			return '';
		case 'profiles':
		case 'remotes':
			return `-a '(loops-top completion ${values} 2>/dev/null)' `;
		default:
			return isList === true ? `-a '(__fish_append , ${values.join(' ')})' ` : `-a ${fishQuoted(values.join(' '))} `;
	}
}

function fishQuoted(text: string): string {
	return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}

/** Returns the output of `loops-top completion`. */
export function completionText(topic: CompletionTopic, sources: HostEnvironment): string {
	switch (topic) {
		case 'bash':
			return bashScript();
		case 'zsh':
			return zshScript();
		case 'fish':
			return fishScript();
		case 'profiles':
			return namesText(() => profileNames(sources));
		case 'remotes':
			return namesText(() => remoteNames(sources));
	}
}

/**
 * Returns names on separate lines, or nothing if they can't be read, because an error message would break the
 * completion.
 */
function namesText(read: () => readonly string[]): string {
	try {
		const names = read().filter(name => name !== '' && cleanText(name) === name);
		return names.map(name => `${name}\n`).join('');
	} catch (error) {
		if (error instanceof UserError) {
			return '';
		}

		throw error;
	}
}
