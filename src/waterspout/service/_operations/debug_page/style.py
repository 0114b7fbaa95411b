"""The style sheet of the debug page: for light and dark, without anything to load."""

from __future__ import absolute_import, division, print_function

STYLE = u"""
:root{color-scheme:light dark;--bg:#f6f8fa;--card:#fff;--text:#1f2328;--weak:#59636e;
--line:#d1d9e0;--ok:#1a7f37;--warn:#9a6700;--bad:#cf222e;--own:#8250df;--up:#1769c4;
--recv:#b3620a;--send:#0b7f86}
@media (prefers-color-scheme:dark){:root{--bg:#010409;--card:#0d1117;--text:#e6edf3;
--weak:#9198a1;--line:#3d444d;--ok:#3fb950;--warn:#d29922;--bad:#f85149;--own:#ab7df8;
--up:#66aaf5;--recv:#f0a04b;--send:#45c5cc}}
*{box-sizing:border-box}
body{margin:0;padding:24px 16px 48px;background:var(--bg);color:var(--text);
font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main,header,footer{max-width:960px;margin:0 auto 16px}
h1{margin:4px 0;font-size:20px;font-weight:600;overflow-wrap:anywhere}
h1 code{font-size:inherit}
h2{margin:0 0 10px;font-size:15px}
h3{margin:16px 0 6px;font-size:13px;color:var(--weak);font-weight:600}
p{margin:4px 0}
.weak,footer{color:var(--weak)}
footer{font-size:12px}
section{margin:0 0 16px;padding:16px;background:var(--card);border:1px solid var(--line);
border-radius:8px;overflow:hidden}
code,pre,.mono td{font:12px/1.5 ui-monospace,Menlo,Consolas,monospace}
.badge{display:inline-block;padding:2px 10px;border-radius:12px;border:1px solid;
font-weight:600;font-size:13px;color:var(--ok)}
.badge.warn{color:var(--warn)}.badge.bad{color:var(--bad)}.bad,.bad td{color:var(--bad)}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,auto));
gap:8px 24px;margin:12px 0 0}
dt{color:var(--weak);font-size:12px}dd{margin:0;overflow-wrap:anywhere}
table{width:100%;border-collapse:collapse}
th,td{padding:4px 12px 4px 0;text-align:left;vertical-align:top;border-top:1px solid var(--line);
overflow-wrap:anywhere}
tr:first-child>*{border-top:0}thead+tr>*{border-top:1px solid var(--line)}
th{font-weight:600;font-size:13px;white-space:nowrap}thead th{color:var(--weak);font-size:12px}
td:last-child,th:last-child{padding-right:0}
.fields th{width:26%;font:12px/1.6 ui-monospace,Menlo,Consolas,monospace;white-space:normal}
.number td:last-child,.number th:last-child{text-align:right;white-space:nowrap}
pre{margin:0;padding:12px;max-height:420px;overflow:auto;background:var(--bg);
border:1px solid var(--line);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
.calls{min-width:760px}
.calls td:nth-child(2),.calls td:nth-child(4){white-space:nowrap}
.calls td:nth-child(3){width:34%}
.bar{display:block;width:100%;height:16px;margin-bottom:8px;border-radius:4px}
.key{display:inline-block;width:10px;height:10px;margin-right:6px;border-radius:2px}
.recv{fill:var(--recv);background:var(--recv)}.own{fill:var(--own);background:var(--own)}
.up{fill:var(--up);background:var(--up)}.send{fill:var(--send);background:var(--send)}
.scroll{margin-top:8px;overflow-x:auto}.wsw{display:block;max-width:100%;height:auto;min-width:640px}
"""
