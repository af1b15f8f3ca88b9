// report/ · Style: the page's look. One calm column of serif text, sans for numbers and figures, both schemes, narrow to wide, print.
import { DARK, FIGURE_CSS, LIGHT, SANS } from "../figures/theme.ts";

export const PAGE_CSS = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root:not([data-theme="light"]){${DARK}}}
:root[data-theme="dark"]{color-scheme:dark;${DARK}}
:root[data-theme="light"]{color-scheme:light}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:18px/1.55 Charter,"Bitstream Charter","Iowan Old Style","Palatino Linotype",Palatino,Georgia,"Liberation Serif",serif;overflow-wrap:anywhere}
main{max-width:760px;margin:0 auto;padding:28px 20px 96px}
h1,h2,h3{font-weight:600;line-height:1.2;text-wrap:balance}
h1{font-size:2.05rem;margin:.5em 0 .55em;letter-spacing:-.012em}
h2{font-size:1.35rem;margin:3.2rem 0 .7rem;padding-top:1.1rem;border-top:1px solid var(--rule)}
p{margin:0 0 1em;text-wrap:pretty}
a{color:inherit;text-decoration-color:var(--mass);text-underline-offset:.18em}
a:hover{text-decoration-color:currentColor}
:focus-visible{outline:2px solid var(--base);outline-offset:3px;border-radius:2px}
.masthead{display:flex;justify-content:space-between;align-items:center;gap:1rem;font:13px/1.4 ${SANS};color:var(--muted);min-height:32px}
.masthead b{color:var(--ink);letter-spacing:.02em}
.theme{flex:none;font:inherit;color:inherit;background:none;border:1px solid var(--rule);border-radius:99px;padding:3px 12px;cursor:pointer}
.theme:hover{color:var(--ink);border-color:var(--mass)}
.base{color:var(--base)}.later{color:var(--later)}
.verdict{font-size:1.32rem;line-height:1.42;margin:0 0 1.1em}
.basis{font:14px/1.5 ${SANS};color:var(--muted);margin:0 0 1.5em}
nav{font:14px/1.9 ${SANS};margin:1.4rem 0 0}
nav a{margin-right:1.1em;white-space:nowrap;color:var(--muted)}
.warnings{border-left:3px solid var(--later);padding:.1em 0 .1em 1.1em;margin:1.8rem 0}
.warnings h2{font-size:1rem;margin:0 0 .3em;padding:0;border:0}
.warnings ul{margin:0;padding-left:1.1em;font-size:1rem}
ul{padding-left:1.2em;margin:0 0 1em}li{margin:.3em 0}
td,th,li,p,code,figcaption{unicode-bidi:isolate}
.scroll{overflow-x:auto;margin:1.3rem 0 1.6rem;background:linear-gradient(90deg,var(--paper) 40%,transparent) 0 0/36px 100% local,linear-gradient(270deg,var(--paper) 40%,transparent) 100% 0/36px 100% local,linear-gradient(90deg,var(--rule),transparent) 0 0/12px 100% scroll,linear-gradient(270deg,var(--rule),transparent) 100% 0/12px 100% scroll;background-repeat:no-repeat}
table{overflow-wrap:break-word;border-collapse:collapse;min-width:55%;max-width:100%;font:14px/1.45 ${SANS};font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--muted);font-size:13px;padding:0 0 .6em}
th{font-weight:600;text-align:left;vertical-align:bottom;border-bottom:1.5px solid var(--ink);padding:.35em 1.5em .35em 0}
td{vertical-align:top;border-bottom:1px solid var(--rule);padding:.45em 1.5em .45em 0}
th:last-child,td:last-child{padding-right:0}
tbody tr:last-child td{border-bottom-color:var(--mass)}
.right{text-align:right}td.right{white-space:nowrap}
.rivals{font:14.5px/1.5 ${SANS}}
.rivals h3{font-size:13px;font-weight:600;margin:1.7em 0 0;padding-bottom:.4em;border-bottom:1.5px solid var(--ink);display:flex;gap:.6em;align-items:baseline;flex-wrap:wrap}
.rivals h3 small{font-weight:400;font-size:13px;color:var(--muted)}
.rivals h3 svg{align-self:center;flex:none}
.rivals dl{margin:0;display:grid;grid-template-columns:10.5rem 1fr}
.rivals dt,.rivals dd{padding:.55em 0;border-bottom:1px solid var(--rule);margin:0}
.rivals dt{font-weight:600;padding-right:1.4em}
.rivals dd p{margin:0}.rivals .claim{color:var(--muted);font-size:13.5px}
.rivals .evidence{font-size:12.5px;color:var(--muted);margin-top:.25em}
figure{margin:1.8rem 0 2.2rem;padding:0}
figure h3{font:600 15px/1.35 ${SANS};margin:0 0 .8rem}
.plot{position:relative;border-radius:3px}
.plot svg{display:block;width:100%;height:auto;touch-action:pan-y}
.plot .phone{display:none}
.readout{font:13px/1.45 ${SANS};font-variant-numeric:tabular-nums;color:var(--ink);min-height:2.1em;margin:.5em 0 0;padding:.35em .7em;background:var(--wash);border-radius:3px}
.readout:empty{display:none}
figcaption{font-size:15.5px;line-height:1.5;color:var(--muted);margin-top:.8rem}
figcaption b{color:var(--ink)}figcaption .concluded{color:var(--ink)}
.layers{border:0;padding:0;margin:0 0 .9rem;font:13px/1.5 ${SANS};display:flex;flex-wrap:wrap;gap:.15em 1.2em}
.layers legend{color:var(--muted);padding:0;float:left;margin-right:1.2em}
.layers label{display:inline-flex;align-items:center;gap:.4em;cursor:pointer}
.layers input{margin:0;accent-color:var(--later)}
.layers svg.figure{flex:none;width:26px;height:10px}
details table{width:100%}
details{font:14px/1.5 ${SANS};border-bottom:1px solid var(--rule)}
summary{cursor:pointer;padding:.55em 0}
summary small{color:var(--muted)}
code,pre{font:13px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace}
pre{background:var(--wash);padding:.9em 1.1em;border-radius:3px;white-space:pre-wrap;overflow-wrap:anywhere}
pre span{display:inline-block;max-width:100%}
.steps{list-style:none;padding:0;counter-reset:step;font:14.5px/1.5 ${SANS}}
.steps li{counter-increment:step;padding:.9em 0 .9em 2.4em;border-bottom:1px solid var(--rule);position:relative;margin:0}
.steps li::before{content:counter(step);position:absolute;left:0;top:.75em;font:600 1.1rem/1.4 ${SANS};color:var(--mass)}
.steps p{margin:.15em 0}.steps .price{color:var(--muted);font-variant-numeric:tabular-nums}
.definitions{font-size:16px}.definitions dt{font-weight:600}.definitions dd{margin:0 0 .6em}
footer{margin-top:4rem;padding-top:1rem;border-top:1px solid var(--rule);font:13px/1.5 ${SANS};color:var(--muted)}
@media (max-width:620px){
 body{font-size:17px}main{padding:18px 16px 72px}h1{font-size:1.6rem}.verdict{font-size:1.16rem}
 .plot .desk{display:none}.plot .phone{display:block}
 .rivals dl{display:block}.rivals dt{border:0;padding-bottom:0}.rivals dd{padding-top:.1em}
 .readout{min-height:3.6em}table{font-size:12.5px}th,td{padding-right:.8em}
}
@media print{
 :root,:root[data-theme="dark"],:root:not([data-theme="light"]){color-scheme:light;${LIGHT}--paper:#fff}
 body{font-size:10.5pt}main{max-width:none;padding:0}.theme,.readout,nav,.layers{display:none}
 figure,.rivals dd,tr{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}
}
${FIGURE_CSS}`;
