// report/ · Theme: the two palettes and the look of figure marks. Colours hold for the colour-blind (blue and vermilion)
// and reach AA contrast on their paper. Blue is the base, vermilion the later policy; everything else is ink.

export const LIGHT = `--paper:#fffefb;--wash:#f6f3ec;--ink:#1d1c1a;--muted:#5d5952;--rule:#d9d4c9;--base:#1f6296;--later:#b8440f;--mass:#8d877b;`;
export const DARK = `--paper:#16171a;--wash:#1f2125;--ink:#e9e6df;--muted:#aaa59b;--rule:#3a3c41;--base:#7db8e6;--later:#f2945c;--mass:#8b8780;`;

export const SANS = `system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,sans-serif`;

export const FIGURE_CSS = `
svg.figure{font:12px ${SANS};font-variant-numeric:tabular-nums;fill:var(--ink);overflow:visible}
.figure .tick{fill:var(--muted);font-size:11px}
.figure .axis-title{fill:var(--muted);font-size:12px}
.figure .panel-title{fill:var(--ink);font-size:12.5px;font-weight:600}
.figure .note{fill:var(--muted);font-size:11.5px}
.figure .halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.figure .strong{font-weight:600}
.figure .is-base{fill:var(--base)}
.figure .is-later{fill:var(--later)}
.figure line,.figure path{fill:none}
.figure .grid{stroke:var(--rule);stroke-width:1;opacity:.6}
.figure .axis{stroke:var(--muted);stroke-width:1}
.figure .zero{stroke:var(--ink);stroke-width:1}
.figure .curve{stroke-width:2.25;stroke-linejoin:round;stroke-linecap:round}
.figure .curve.base,.figure .bar-line.base{stroke:var(--base)}
.figure .curve.later,.figure .bar-line.later{stroke:var(--later)}
.figure .curve.gap{stroke:var(--ink);stroke-width:1.75}
.figure .band{fill:var(--ink);opacity:.13}
.figure .band.base{fill:var(--base)}.figure .band.later{fill:var(--later)}
.figure .region{opacity:.1}
.figure .region.gain,.figure .bar.gain{fill:var(--later)}
.figure .region.loss,.figure .bar.loss{fill:var(--base)}
.figure .bar-line{stroke-width:4}
.figure .bar-line.plain{stroke:var(--ink);stroke-width:1.25}
.figure .bar{fill:var(--mass);opacity:.55}
.figure .bar.solid{opacity:.9}
.figure .bar.total{fill:var(--later);opacity:.85}
.figure .bar.step{fill:var(--muted);opacity:.6}
.figure .whisker{stroke:var(--ink);stroke-width:1.25}
.figure .link{stroke:var(--mass);stroke-width:2}
.figure .leader{stroke:var(--mass);stroke-width:.75}
.figure .strip{fill:var(--wash)}
.figure .diagonal{stroke:var(--muted);stroke-width:1;stroke-dasharray:1.5 3}
.figure .seen{stroke:var(--mass);stroke-linecap:round;opacity:.6}
.figure .atom{fill:var(--ink);fill-opacity:.2;stroke:var(--ink);stroke-opacity:.55;stroke-width:.8}
.figure .shape{stroke:var(--muted);stroke-width:1.1;opacity:.85}
.figure .shape.chosen{stroke:var(--later);stroke-width:2.5;opacity:1}
.figure .dash-1{stroke-dasharray:7 3}.figure .dash-2{stroke-dasharray:2 2.5}.figure .dash-3{stroke-dasharray:9 3 2 3}
.figure .dash-4{stroke-dasharray:4 2}.figure .dash-5{stroke-dasharray:12 4}.figure .dash-6{stroke-dasharray:1 4}
.figure>*{pointer-events:none}
.figure .stop rect,.figure .stop circle{pointer-events:all}
.figure .stop rect{fill:none}.figure .stop rect.bar{fill:var(--mass)}
.figure .cross{visibility:hidden}
.figure .cross.on{visibility:visible}
.figure .cross-line{stroke:var(--ink);stroke-width:1;opacity:.55}
.figure .cross-dot{fill:var(--paper);stroke:var(--ink);stroke-width:1.75}
`;

/** Style for an svg that stands alone (README, slides): it carries both palettes itself. */
export const STANDALONE_CSS = `svg.figure{${LIGHT}}@media (prefers-color-scheme:dark){svg.figure{${DARK}}}${FIGURE_CSS}`;
