/** Styles of reports: light and dark, on screens of any width and on paper. */
import { literal } from '../../platform/printable.ts';

/** The stylesheet, which loads nothing. */
export const stylesheet = literal`
:root {
  color-scheme: light dark;
  --page: #f6f8fa; --paper: #ffffff; --text: #1f2328; --faint: #59636e; --line: #d1d9e0; --shade: #f0f3f6;
  --good: #1a7f37; --busy: #0969da; --act: #9a6700; --bad: #cf222e; --back: #8250df;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #010409; --paper: #0d1117; --text: #e6edf3; --faint: #9198a1; --line: #30363d; --shade: #161b22;
    --good: #3fb950; --busy: #4493f8; --act: #d29922; --bad: #f85149; --back: #ab7df8;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  overflow-wrap: anywhere; -webkit-text-size-adjust: 100%;
}
main {
  max-width: 60rem; margin: 2rem auto; padding: 2rem 2.5rem 1.25rem;
  background: var(--paper); border: 1px solid var(--line); border-radius: 10px;
}
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; }
.subtitle { margin: .25rem 0 1.5rem; color: var(--faint); }
h2 { margin: 2.25rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); font-size: 1.25rem; line-height: 1.3; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1rem; }
p, ul { margin: .5rem 0; }
ul { padding-left: 1.25rem; }
li { margin: .2rem 0; }
time { white-space: nowrap; }
.verdict {
  display: flex; gap: .75rem; align-items: baseline; margin: 0 0 1.25rem; padding: .75rem 1rem;
  border: 1px solid var(--line); border-left: 5px solid var(--tone); border-radius: 6px; background: var(--shade);
}
.verdict .glyph { color: var(--tone); font-size: 1.25rem; font-weight: 700; line-height: 1; }
.verdict strong { display: block; font-size: 1.0625rem; }
.verdict small { display: block; color: var(--faint); font-size: .875rem; }
.verdict.done { --tone: var(--good); }
.verdict.busy { --tone: var(--busy); }
.verdict.act { --tone: var(--act); }
.verdict.bad { --tone: var(--bad); }
.verdict.back { --tone: var(--back); }
.verdict.pending { --tone: var(--faint); }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
th, td { padding: .4rem .75rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--faint); font-size: .8125rem; font-weight: 600; }
tbody th { font-weight: 400; }
tbody tr:last-child > * { border-bottom: 0; }
.number { text-align: right; }
td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
table.facts th { width: 14rem; color: var(--faint); }
.scroll { overflow-x: auto; margin: .5rem 0; }
.scroll td, .scroll th { overflow-wrap: break-word; }
.scroll tbody th { min-width: 4rem; }
pre {
  margin: .35rem 0 1rem; padding: .65rem .85rem; border: 1px solid var(--line); border-radius: 6px;
  background: var(--shade); white-space: pre-wrap; font: .875rem/1.45 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
svg.timeline { display: block; margin: .5rem 0 1rem; overflow: visible; font-size: 14px; }
svg.timeline text { fill: var(--text); }
svg.timeline .stage { fill: var(--faint); }
svg.timeline text.done { fill: var(--good); }
svg.timeline text.busy { fill: var(--busy); }
svg.timeline text.bad { fill: var(--bad); }
svg.timeline text.back { fill: var(--back); }
svg.timeline text.pending, svg.timeline text.time, svg.timeline text.axis { fill: var(--faint); }
svg.timeline text.time { text-anchor: end; font-variant-numeric: tabular-nums; }
svg.timeline text.axis { font-size: 12px; }
svg.timeline .track { fill: var(--shade); }
svg.timeline rect.forward { fill: var(--good); }
svg.timeline rect.busy { fill: var(--busy); }
svg.timeline rect.failed { fill: var(--bad); }
svg.timeline rect.back { fill: var(--paper); stroke: var(--back); stroke-width: 2; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: -.25rem 0 1rem; color: var(--faint); font-size: .8125rem; }
.legend span::before { print-color-adjust: exact; content: ""; display: inline-block; width: 1rem; height: .6rem; margin-right: .4rem; border: 2px solid var(--tone); border-radius: 3px; background: var(--fill, var(--tone)); }
.legend .forward { --tone: var(--good); }
.legend .failed { --tone: var(--bad); }
.legend .back { --tone: var(--back); --fill: none; }
footer { margin-top: 2.5rem; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--faint); font-size: .8125rem; }
@media (max-width: 40rem) {
  main { margin: 0; padding: 1.25rem 1rem; border: 0; border-radius: 0; }
  body { background: var(--paper); }
  h1 { font-size: 1.375rem; }
  table.facts th { width: 38%; }
  table { font-size: .875rem; }
  th, td { padding: .4rem; }
}
@media print {
  body, main { margin: 0; padding: 0; border: 0; background: none; }
  .verdict, pre, tr, svg { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
`;
