import {type Flag, flags} from '../flags.ts';
import {shells} from '../printed-topic.ts';

/** Returns the completion script for bash 3.2 (macOS) or newer. */
export function bashScript(): string {
	return `# Completes loops-top in bash.
_loops_top() {
	local word=\${COMP_WORDS[COMP_CWORD]} flag=\${COMP_WORDS[COMP_CWORD - 1]} choices= choice before=
	# bash takes --window=1h for three words.
	if [[ $word == = ]]; then
		word=
	elif [[ $flag == = ]]; then
		flag=\${COMP_WORDS[COMP_CWORD - 2]}
	fi

	COMPREPLY=()
	case $flag in
${flags.flatMap(caseOf).join('\n')}
	esac

	if [[ $COMP_CWORD == 2 && $flag == completion ]]; then
		choices=${quote(shells)}
	elif [[ -z $choices || $word == -* ]]; then
		choices=${quote(flags.map(({long}) => `--${long}`))}
		[[ $COMP_CWORD == 1 ]] && choices+=$'\\ncompletion'
	fi

	while IFS= read -r choice; do
		[[ -n $choice && $before$choice == "$word"* ]] && COMPREPLY+=("$before$(printf %q "$choice")")
	done <<<"$choices"
}
complete -F _loops_top loops-top
`;
}

/** Returns the case for what follows a flag that takes a value. */
function caseOf({long, short, takes, values, isList}: Flag): readonly string[] {
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
						`\t\t\tchoices=${quote(values)}`,
						// After a comma another one begins.
						`\t\t\t[[ $word == *,* ]] && before=\${word%,*},`,
						'\t\t\t[[ $choices == *=* ]] && compopt -o nospace 2>/dev/null',
						'\t\t\t;;',
					]
				: [`\t\t${names}) choices=${quote(values)} ;;`];
	}
}

/** Returns words on lines of their own as a bash string. No word contains a quotation mark. */
function quote(words: readonly string[]): string {
	return `$'${words.join('\\n')}'`;
}
