/** The one style sheet: system type, a measured scale, dark mode by preference, usable from 320 px on. */
export const styles = `
:root{--ink:#1b1f24;--soft:#5a6472;--line:#d9dee5;--paper:#fff;--field:#f5f7f9;--accent:#0b57d0;--ok:#0f7b3f;--bad:#b3261e;--warn:#8a5a00;--warnbg:#fff4dc;--kw:#7c3aed;--str:#0f7b3f;--num:#b45309;--com:#6b7280}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a4adb9;--line:#343a43;--paper:#15181c;--field:#1d2126;--accent:#8ab4f8;--ok:#6dd58c;--bad:#f2b8b5;--warn:#f6c667;--warnbg:#33290f;--kw:#c4a6ff;--str:#81d9a2;--num:#f2b36b;--com:#8b949e}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header{border-bottom:1px solid var(--line);padding:.75rem 1rem}
.brand{font-weight:650;letter-spacing:.02em;color:inherit;text-decoration:none}
main{max-width:60rem;margin:0 auto;padding:1.25rem 1rem 4rem}
h1{font-size:1.5rem;line-height:1.25;margin:.25rem 0 .5rem;text-wrap:balance}
h2{font-size:1.05rem;margin:2rem 0 .5rem}
p{margin:.5rem 0}
.lead,.soft{color:var(--soft)}
a{color:var(--accent)}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.25rem .5rem}
dl{display:grid;grid-template-columns:minmax(7.5rem,max-content) 1fr;gap:.35rem 1rem;margin:.5rem 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
pre{background:var(--field);border:1px solid var(--line);border-radius:.5rem;padding:.75rem;overflow:auto;max-height:26rem;font:13.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:2;direction:ltr;unicode-bidi:isolate-override}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.k{color:var(--kw);font-weight:600}.s{color:var(--str)}.n{color:var(--num)}.c{color:var(--com)}
.odd{background:var(--warnbg);color:var(--warn);border:1px solid currentColor;border-radius:.25rem;padding:0 .25rem;font-size:.8em;unicode-bidi:isolate}
.claim{background:var(--warnbg);border-left:4px solid var(--warn);border-radius:.25rem;padding:.6rem .8rem;margin:.75rem 0}
.claim strong{color:var(--warn)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}th{color:var(--soft);font-weight:500}
label{display:block;font-weight:550;margin:.75rem 0 .25rem}
input,textarea,select{width:100%;font:inherit;color:inherit;background:var(--field);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .7rem}
textarea{min-height:5rem;resize:vertical}
.hint{color:var(--soft);font-size:.875rem;margin:.25rem 0}
button,.button{display:inline-block;font:inherit;font-weight:600;border:1px solid var(--line);border-radius:.5rem;padding:.7rem 1.4rem;min-height:2.9rem;cursor:pointer;background:var(--field);color:var(--ink);text-decoration:none}
.approve{background:var(--ok);border-color:var(--ok);color:var(--paper)}.reject{color:var(--bad);border-color:var(--bad)}
.actions{display:flex;gap:.75rem;flex-wrap:wrap;margin-top:1rem}.actions button{flex:1 1 9rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.state{display:inline-block;border:1px solid currentColor;border-radius:1rem;padding:0 .6rem;font-size:.875rem;font-weight:600}
.state.ok{color:var(--ok)}.state.bad{color:var(--bad)}.state.wait{color:var(--warn)}
.error{color:var(--bad);font-weight:550}
@media (max-width:30rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.6rem}}
`;
