/** The one style sheet: system type, a measured scale, dark mode by preference, usable from 320 px on. */
export const styles = `
:root{--ink:#1a1d21;--soft:#5b6470;--line:#dde1e6;--paper:#fff;--ground:#f4f5f7;--field:#fff;--accent:#0b57d0;--ok:#0b6e37;--okbg:#e6f4eb;--onok:#fff;--bad:#b3261e;--badbg:#fdecea;--warn:#7a4f00;--warnbg:#fff5df;--kw:#6d28d9;--str:#0b6e37;--num:#a34400;--shadow:0 1px 2px rgb(0 0 0/.06),0 4px 16px rgb(0 0 0/.05)}
@media (prefers-color-scheme:dark){:root{--ink:#e7e9ec;--soft:#a2abb6;--line:#333940;--paper:#1b1e22;--ground:#121417;--field:#121417;--accent:#8ab4f8;--ok:#6dd58c;--okbg:#14301f;--onok:#08240f;--bad:#f2a7a2;--badbg:#3a1917;--warn:#f3c567;--warnbg:#2e260f;--kw:#c4a6ff;--str:#81d9a2;--num:#f2b36b;--shadow:none}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header{display:flex;align-items:center;gap:1rem;background:var(--paper);border-bottom:1px solid var(--line);padding:.6rem max(1rem,calc(50vw - 34rem))}
.brand{font-weight:700;letter-spacing:-.01em;color:inherit;text-decoration:none;margin-right:auto}
.brand::before{content:"";display:inline-block;width:.7rem;height:.7rem;margin-right:.5rem;border:.19rem solid var(--accent);border-top-color:transparent;border-radius:50%}
header .who{color:var(--soft);font-size:.875rem;overflow-wrap:anywhere}
header form{margin:0}
header button{font-size:.875rem;font-weight:500;padding:.25rem .7rem;min-height:2.25rem}
main{max-width:70rem;margin:0 auto;padding:1.25rem 1rem 4rem}
h1{font-size:clamp(1.35rem,1.1rem + 1.2vw,1.75rem);line-height:1.25;letter-spacing:-.012em;margin:.5rem 0;text-wrap:balance;overflow-wrap:anywhere}
h2{font-size:1.05rem;line-height:1.3;margin:2rem 0 .6rem}
h3{font-size:1rem;margin:0;font-weight:600}
p{margin:.5rem 0}
.lead,.soft{color:var(--soft)}
.for{margin:-.25rem 0 .75rem;font-size:1.05rem;color:var(--soft)}
a{color:var(--accent);text-underline-offset:.15em}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.25rem .5rem;z-index:1}
dl{display:grid;grid-template-columns:minmax(7.5rem,max-content) minmax(0,1fr);gap:.45rem 1.25rem;margin:.5rem 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
dl.key{border-top:1px solid var(--line);padding-top:.9rem;margin-top:.9rem}
pre,code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1rem;margin:.5rem 0;font-size:.84rem;line-height:1.55;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:2;direction:ltr;unicode-bidi:isolate-override}
code{font-size:.9em;overflow-wrap:anywhere}
.k{color:var(--kw);font-weight:600}.s{color:var(--str)}.n{color:var(--num)}
.odd{background:var(--warnbg);color:var(--warn);border:1px solid currentColor;border-radius:.25rem;padding:0 .25rem;margin:0 .1rem;font-size:.8em;unicode-bidi:isolate;-webkit-box-decoration-break:clone;box-decoration-break:clone}
.claim{background:var(--warnbg);border-left:.25rem solid var(--warn);border-radius:.35rem;padding:.7rem .9rem;margin:1rem 0 0;overflow-wrap:anywhere}
.claim strong{color:var(--warn);font-size:.875rem}.claim p{margin:.15rem 0 0;white-space:pre-wrap;unicode-bidi:isolate}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}th{color:var(--soft);font-weight:500}
label{display:block;font-weight:600;margin:.75rem 0 .3rem}
input,textarea{width:100%;font:inherit;color:inherit;background:var(--field);border:1px solid var(--soft);border-radius:.5rem;padding:.6rem .7rem}
textarea{min-height:4.5rem;resize:vertical}
.hint{color:var(--soft);font-size:.875rem;margin:.35rem 0}
button,.button{display:inline-block;font:inherit;font-weight:600;border:1px solid var(--line);border-radius:.5rem;padding:.65rem 1.2rem;min-height:2.9rem;cursor:pointer;background:var(--paper);color:var(--ink);text-decoration:none}
.approve{background:var(--ok);border-color:var(--ok);color:var(--onok)}.reject{color:var(--bad);border-color:var(--bad)}.primary{background:var(--accent);border-color:var(--accent);color:var(--paper)}
.approve:hover,.primary:hover{filter:brightness(1.1)}.reject:hover{background:var(--badbg)}
.actions{display:flex;gap:.75rem;flex-wrap:wrap;margin:.9rem 0 .6rem}.actions button{flex:1 1 7rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.state{display:inline-block;border-radius:1rem;padding:.1rem .7rem;font-size:.875rem;font-weight:600;margin-right:.35rem}
.state.ok{color:var(--ok);background:var(--okbg)}.state.bad{color:var(--bad);background:var(--badbg)}.state.wait{color:var(--warn);background:var(--warnbg)}
.error{color:var(--bad);font-weight:600}
.ask,.decide,.panel{background:var(--paper);border:1px solid var(--line);border-radius:.75rem;padding:1.1rem 1.2rem;box-shadow:var(--shadow)}
.decide{border-top:.25rem solid var(--accent)}
.decide h2{margin-top:0}.decide form{margin:0}
.result.ok h2{color:var(--ok)}.result.bad h2{color:var(--bad)}.result p{overflow-wrap:anywhere}
.split{display:grid;gap:1rem;grid-template-columns:minmax(0,1fr)}
.panel{max-width:27rem;margin:1.5rem auto 0}.panel h1{margin-top:0}.panel .actions{margin-bottom:0}
.left{white-space:nowrap}
.decided .decide{order:-1}
ul.plain,ul.cards,ul.masks{list-style:none;margin:.5rem 0;padding:0}
.card{display:grid;gap:.1rem .75rem;grid-template-columns:minmax(0,1fr) auto;background:var(--paper);border:1px solid var(--line);border-radius:.75rem;padding:.9rem 1.1rem;margin-bottom:.75rem;color:inherit;text-decoration:none;box-shadow:var(--shadow);overflow-wrap:anywhere}
.card:hover{border-color:var(--accent)}.card .says,.card .soft,.card .what{grid-column:1/-1}.card .says{display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow:hidden}
.table{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;padding:.8rem 1rem;margin:.6rem 0}.table p{margin:.15rem 0}
.masks li{display:grid;grid-template-columns:minmax(0,1.2fr) minmax(0,1fr) max-content;gap:0 1rem;padding:.3rem 0;border-top:1px solid var(--line)}
.rule{font-size:.8rem;color:var(--soft);align-self:center}
@media (min-width:58rem){.split{grid-template-columns:minmax(0,1fr) 21rem;column-gap:1.5rem;align-items:start}.ask,.rest{grid-column:1}.decided .decide{order:0}.decide{grid-column:2;grid-row:1/span 2;position:sticky;top:1rem}}
@media (max-width:30rem){main{padding-top:.75rem}.ask,.decide{padding:.9rem 1rem}dl{grid-template-columns:minmax(0,1fr);gap:0}dt{font-size:.875rem}dd{margin-bottom:.55rem}.masks li{grid-template-columns:minmax(0,1fr) max-content}.masks code{grid-column:1/-1}}
@media print{.decide{position:static}header form{display:none}}
`;
