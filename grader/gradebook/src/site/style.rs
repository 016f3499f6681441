//! How the pages look: one style for phone, desktop and paper. Colour is never the only sign.

pub(super) const CSS: &str = "
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; color: #1b1b1b; background: #fff; }
main { max-width: 70rem; margin: 0 auto; padding: 1rem; }
footer { max-width: 70rem; margin: 0 auto; padding: 1rem; color: #595959; }
h1, h2, h3 { line-height: 1.2; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: .3rem .6rem; border: 1px solid #b8b8b8; text-align: left; white-space: nowrap; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
th[scope=row] { position: sticky; left: 0; background: #fff; }
a { color: #0b4f8a; }
pre { overflow-x: auto; padding: .8rem; border: 1px solid #b8b8b8; background: #f6f6f6;
      font: 14px/1.4 ui-monospace, monospace; }
.heat0 { background: #f4c7c3; } .heat1 { background: #f9dcc4; } .heat2 { background: #fdf0c8; }
.heat3 { background: #eef3c6; } .heat4 { background: #d5ebc8; } .heat5 { background: #b7e1cd; }
.none { color: #595959; }
.warning { font-weight: bold; }
@media print { .wide { overflow: visible; } pre { white-space: pre-wrap; } }
";
