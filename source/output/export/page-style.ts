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

/** The style sheet of an exported page, for light and dark screens, phones and paper. Colors have a contrast of 4.5:1 or more. */
export const pageStyle = `
:root{color-scheme:light dark;--bg:#fff;--text:#1c2128;--dim:#59636e;--line:#d8dee4;--bad:#b42318;--warn:#8a5a00;
--s0:#0b57d0;--s1:#8a3ab9;--s2:#8a5a00;--s3:#00695c;--s4:#b42318;--s5:#4d5560;
--h0:#dbe4f0;--h1:#a9c4ea;--h2:#6f9fdd;--h3:#3474c4;--h4:#0b4a94}
@media(prefers-color-scheme:dark){:root{--bg:#14171c;--text:#e3e7ec;--dim:#9aa4b0;--line:#2d343d;--bad:#ff9489;--warn:#f0c36a;
--s0:#8ab4f8;--s1:#d7a6f5;--s2:#f0c36a;--s3:#7fd6c6;--s4:#ff9489;--s5:#b7c0ca;
--h0:#263648;--h1:#2b4d78;--h2:#33689f;--h3:#5b9bd8;--h4:#b5dbff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1360px;padding:16px;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.4rem;margin:0;overflow-wrap:anywhere}h2{font-size:1rem;margin:0 0 4px}
header p{margin:0;color:var(--dim)}footer{color:var(--dim);font-size:.85rem;margin-top:16px}
main{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));grid-auto-flow:dense;gap:16px 24px;margin-top:16px}
section{min-width:0;break-inside:avoid}.tall{grid-row:span 4}.wide{grid-column:1/-1;overflow-x:auto}
main>section:first-child{grid-column:1/-1}
svg{display:block;width:100%;height:auto}
.axis,.node{fill:var(--dim);font:11px system-ui,sans-serif}.grid{stroke:var(--line);stroke-width:1;fill:none}
.curve{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
.mark{fill:none;stroke-width:1.5;stroke-dasharray:4 3}
path.series0{stroke:var(--s0)}path.series1{stroke:var(--s1)}path.series2{stroke:var(--s2)}
path.series3{stroke:var(--s3)}path.series4{stroke:var(--s4)}path.series5{stroke:var(--s5)}
path.bad{stroke:var(--bad)}path.warn{stroke:var(--warn)}
path.heat0{fill:var(--h0)}path.heat1{fill:var(--h1)}path.heat2{fill:var(--h2)}path.heat3{fill:var(--h3)}path.heat4{fill:var(--h4)}
.legend{margin:0;font-size:.8rem;color:var(--dim)}.legend span{display:inline-block;margin-right:10px}.legend span::before{content:"";display:inline-block;width:12px;height:8px;margin-right:4px;background:currentColor;vertical-align:middle}
.legend .series0{color:var(--s0)}.legend .series1{color:var(--s1)}.legend .series2{color:var(--s2)}.legend .series3{color:var(--s3)}.legend .series4{color:var(--s4)}.legend .series5{color:var(--s5)}
.legend .bad{color:var(--bad)}.legend .warn{color:var(--warn)}
.legend [class^=heat]::before{border:1px solid var(--line)}
.heat0::before{background:var(--h0)!important}.heat1::before{background:var(--h1)!important}.heat2::before{background:var(--h2)!important}.heat3::before{background:var(--h3)!important}.heat4::before{background:var(--h4)!important}
.findings{margin:0;padding:0;list-style:none}.findings li{border-left:4px solid var(--bad);padding:2px 10px;margin-bottom:6px}.findings small{display:block;color:var(--dim)}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:3px 10px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}th:first-child{text-align:left}thead th{font-weight:600;color:var(--dim)}tbody th{font-weight:400}
@media print{body{max-width:none}main{display:block}section{margin-bottom:14px}}
`;
