/** The style of the page: one sheet for screen and paper, no script, nothing fetched. */
export const pageStyle = `
:root { color-scheme: light; --ink: #18202c; --ink-2: #545f70; --line: #dde2e9; --wash: #f4f6f9; --accent: #1a5bc8; --good: #17704a; --bad: #ad2019; --bad-wash: #fbe8e6; --warn-wash: #fdf1d8; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 32px 24px 64px; max-width: 1040px; color: var(--ink); background: #fff; font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 6px; letter-spacing: -0.01em; }
h2 { font-size: 19px; margin: 44px 0 4px; padding-top: 14px; border-top: 2px solid var(--ink); }
h3 { font-size: 14px; margin: 22px 0 6px; }
p { margin: 0 0 10px; }
.imprint, .says { color: var(--ink-2); }
.imprint { font-size: 12px; margin-bottom: 20px; }
.answer { display: grid; grid-template-columns: repeat(3, 1fr); gap: 12px; margin: 0 0 16px; }
.answer div { border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; border-top: 3px solid var(--line); }
.answer .good { border-top-color: var(--good); }
.answer .bad { border-top-color: var(--bad); }
.answer dt { color: var(--ink-2); font-size: 12px; }
.answer dd { margin: 0; }
.answer .value { font-size: 24px; font-weight: 650; line-height: 1.25; margin: 2px 0; overflow-wrap: anywhere; }
.answer .bad .value { color: var(--bad); }
.answer .note { font-size: 12px; color: var(--ink-2); }
.box { border-radius: 8px; padding: 10px 14px; margin: 0 0 14px; background: var(--wash); }
.gaps { background: var(--warn-wash); }
.correction { background: var(--bad-wash); }
.box ul, .box ol { margin: 4px 0 0; padding-left: 20px; }
.box b { font-weight: 650; }
.charts { display: grid; grid-template-columns: 1fr 1fr; gap: 18px 20px; margin: 12px 0 4px; align-items: start; }
.charts figure { margin: 0; min-width: 0; break-inside: avoid; }
.head + .charts { margin-top: 18px; }
.charts .wide { grid-column: 1 / -1; }
figcaption { font-size: 12px; color: var(--ink-2); margin-bottom: 2px; }
.charts svg { display: block; width: 100%; height: auto; }
.tables { display: grid; grid-template-columns: 1fr 1fr; gap: 0 28px; align-items: start; }
.tables section { min-width: 0; }
.tables .wide { grid-column: 1 / -1; }
table { width: 100%; border-collapse: collapse; font-size: 12.5px; }
th, td { text-align: left; vertical-align: top; padding: 4px 10px 4px 0; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
th { color: var(--ink-2); font-weight: 500; border-bottom-color: var(--ink-2); }
th:last-child, td:last-child { padding-right: 0; }
.n { text-align: right; white-space: nowrap; }
.d { white-space: nowrap; }
.tables .few { max-width: 620px; }
.total td { font-weight: 650; border-bottom: 0; border-top: 1.5px solid var(--ink-2); }
.none { color: var(--ink-2); font-style: italic; }
nav ol { columns: 2; margin: 4px 0 0; padding-left: 20px; }
nav a { color: var(--accent); text-decoration: none; }
footer { margin-top: 40px; padding-top: 10px; border-top: 1px solid var(--line); color: var(--ink-2); font-size: 12px; }
@media screen and (max-width: 760px) { .answer, .charts, .tables { grid-template-columns: 1fr; } nav ol { columns: 1; } .scroll { overflow-x: auto; } }
@page { size: A4; margin: 14mm 14mm 16mm; }
@media print {
  body { padding: 0; max-width: none; font-size: 10.5px; }
  h1 { font-size: 22px; } h2 { font-size: 15px; margin-top: 18px; padding-top: 10px; break-after: avoid; } h3 { break-after: avoid; font-size: 11.5px; margin-top: 12px; }
  .answer { gap: 8px; } .answer div { padding: 8px 12px; } .tables { gap: 4px 18px; } .charts { gap: 10px 18px; margin-top: 6px; } .head + .charts { margin-top: 12px; } .imprint { margin-bottom: 12px; } .box { padding: 8px 12px; margin-bottom: 10px; } .answer .value { font-size: 18px; } .answer .note, .answer dt, .imprint, figcaption { font-size: 9px; }
  table { font-size: 9.5px; } th, td { padding: 3px 8px 3px 0; }
  thead { display: table-header-group; } tr, .answer div, .box, .tables .half, .tables .few, .head { break-inside: avoid; }
  tbody tr:nth-child(-n + 2) { break-after: avoid; } tbody tr:nth-last-child(-n + 2) { break-before: avoid; }
  footer { font-size: 9px; margin-top: 14px; break-before: avoid; break-inside: avoid; }
  nav { display: none; }
}
`;
