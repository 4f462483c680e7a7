import {type Flag, flags} from '../flags.ts';
import {shells} from '../printed-topic.ts';

/** Returns the completion script for fish. */
export function fishScript(): string {
	return `# Completes loops-top in fish.
complete -c loops-top -f
complete -c loops-top -n 'test (count (commandline -opc)) -eq 1; and string match -q "c*" -- (commandline -ct)' -a completion -d 'print a script for a shell'
complete -c loops-top -n 'test (count (commandline -opc)) -eq 2; and test (commandline -opc)[2] = completion' -a ${quote(shells.join(' '))}
${flags.flatMap(linesOf).join('\n')}
`;
}

function linesOf({long, short, takes, help, values, isList}: Flag): readonly string[] {
	const names = `${short === undefined ? '' : `-s ${short} `}-l ${long}`;
	const about = `-d ${quote(help)}`;
	const line = (rest: string): string => `complete -c loops-top ${names} ${rest}${about}`;
	if (takes === 'nothing') {
		return [line('')];
	}

	const choices = choicesOf(values, isList);
	return takes === 'value'
		? [line(`${values === 'files' ? '-r -F ' : '-x '}${choices}`)]
		: // In fish, an optional value follows an equals sign.
			[line(choices), `complete -c loops-top -n 'test (commandline -opc)[-1] = --${long}' ${choices}`.trimEnd()];
}

function choicesOf(values: Flag['values'], isList: Flag['isList']): string {
	switch (values) {
		case undefined:
		case 'files':
			return '';
		case 'profiles':
		case 'remotes':
			return `-a '(loops-top completion ${values} 2>/dev/null)' `;
		default:
			return isList === true ? `-a '(__fish_append , ${values.join(' ')})' ` : `-a ${quote(values.join(' '))} `;
	}
}

function quote(text: string): string {
	return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}
