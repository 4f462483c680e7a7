const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** Text as it stands in HTML and SVG, in an element or in a quoted attribute. */
export function escapeMarkup(text: string): string {
	return text.replace(/[&<>"']/g, character => entities[character] ?? character);
}
