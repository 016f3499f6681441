//! How the pages look: one style for phone, desktop and paper. Colour is never the only sign.

pub(super) const CSS: &str = "
:root { color-scheme: light; --line: #d5d9de; --quiet: #57606a; --ink: #1b1f24; }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; color: var(--ink); background: #fff; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1.25rem 1rem; }
footer { max-width: 72rem; margin: 0 auto; padding: 1rem 1.25rem 2rem; color: var(--quiet);
         font-size: .875rem; }
h1, h2, h3 { line-height: 1.25; }
h1 { font-size: 1.75rem; margin: 0 0 .5rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p { margin: .5rem 0; max-width: 45rem; }
a { color: #0b4f8a; }
.wide { overflow-x: auto; margin: 1rem 0; border: 1px solid var(--line); border-radius: 6px;
        width: fit-content; max-width: 100%; }
table { border-collapse: separate; border-spacing: 0; font-size: .9375rem; }
th, td { padding: .4rem .75rem; border-bottom: 1px solid var(--line); text-align: left;
         white-space: nowrap; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { background: #f3f5f7; font-weight: 600; }
th[scope=row] { position: sticky; left: 0; background: #fff; font-weight: 500; }
thead th:first-child { position: sticky; left: 0; }
th:first-child { border-right: 1px solid var(--line); }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.total { font-weight: 600; border-left: 1px solid var(--line); }
td.sees { white-space: normal; min-width: 14rem; }
.id { display: block; color: var(--quiet); font-size: .8125rem; font-weight: 400; }
.late { display: block; font-size: .8125rem; }
.bar { display: inline-block; width: 6rem; height: .6rem; margin-left: .6rem; background: #e7eaee; }
.bar > span { display: block; height: 100%; background: #b3541e; }
.legend { font-size: .875rem; color: var(--quiet); }
.legend span { display: inline-block; padding: 0 .5rem; color: var(--ink); }
ul.checks { list-style: none; margin: 1rem 0; padding: 0; max-width: 32rem; }
ul.checks li { display: flex; gap: .75rem; padding: .3rem .75rem; border-bottom: 1px solid var(--line); }
ul.checks .sign { flex: 0 0 6rem; white-space: nowrap; }
ul.checks .points { margin-left: auto; font-variant-numeric: tabular-nums; }
.failed .sign { color: #9a2a1b; font-weight: 600; } .passed .sign { color: #1d6b3a; }
pre { overflow-x: auto; margin: .5rem 0; padding: .9rem 1rem; border: 1px solid var(--line);
      border-left: 4px solid #9a2a1b; border-radius: 6px; background: #f8f9fa; tab-size: 4;
      font: 13.5px/1.45 ui-monospace, monospace; }
.mark { font-size: 1.15rem; }
.heat0 { background: #f4c7c3; } .heat1 { background: #f9dcc4; } .heat2 { background: #fdf0c8; }
.heat3 { background: #eef3c6; } .heat4 { background: #d5ebc8; } .heat5 { background: #b7e1cd; }
.none { color: var(--quiet); text-align: center; }
.warning { font-weight: 600; }
@media (max-width: 40rem) {
  main { padding: 1rem .75rem; } footer { padding: 1rem .75rem 2rem; }
  h1 { font-size: 1.5rem; }
  th, td { padding: .35rem .55rem; }
  pre { font-size: 11.5px; padding: .7rem; }
  .bar { display: none; } td.sees { min-width: 9rem; }
}
@media print {
  .wide { overflow: visible; } pre { white-space: pre-wrap; font-size: 9pt; break-inside: avoid; }
  * { print-color-adjust: exact; }
}
";
