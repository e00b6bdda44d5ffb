"""The page's looks. Text is readable on its ground in both modes; marks differ by shape as well as by colour."""

STYLE = """
:root { color-scheme: light dark; --ground: #ffffff; --card: #f5f6f9; --ink: #1b1f2a; --muted: #5d6475; --edge: #d9dce4;
  --accent: #2f5fd0; --better: #2f5fd0; --worse: #b0520c; --plain: #2f5fd0; }
@media (prefers-color-scheme: dark) { :root { --ground: #0e1117; --card: #171b24; --ink: #eceef3; --muted: #a2a9b8;
  --edge: #333a49; --accent: #8fb0ff; --better: #8fb0ff; --worse: #f0a15c; --plain: #8fb0ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
.study { color: var(--muted); margin: 0; }
.finding { font-size: 1.1rem; background: var(--card); border-left: 4px solid var(--accent); padding: .8rem 1rem; }
.claim { border-top: 1px solid var(--edge); padding-top: .6rem; }
.claim strong { display: block; }
.rest, .note { color: var(--muted); font-size: .9rem; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0; }
dt { color: var(--muted); font-size: .85rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; margin: .75rem 0; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .9rem; }
caption { text-align: left; color: var(--muted); padding-bottom: .25rem; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--edge); vertical-align: top; }
th { color: var(--muted); font-weight: 600; white-space: nowrap; }
td { max-width: 26rem; overflow-wrap: break-word; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
summary { cursor: pointer; color: var(--accent); padding: .25rem 0; }
a { color: var(--accent); }
pre { background: var(--card); border: 1px solid var(--edge); border-radius: 6px; padding: .8rem 1rem;
  overflow-x: auto; }
svg { display: block; width: 100%; min-width: 640px; max-width: 760px; height: auto; font: 13px system-ui, sans-serif; }
svg text { fill: var(--ink); }
svg .muted { fill: var(--muted); }
svg .said { font-variant-numeric: tabular-nums; font-size: 12px; }
.grid { stroke: var(--edge); }
.zero { stroke: var(--muted); stroke-width: 1.5; }
.bar { stroke-width: 2; stroke: var(--muted); }
.mark { fill: var(--muted); stroke: var(--muted); stroke-width: 1.5; }
.open.mark { fill: var(--ground); }
.better.bar { stroke: var(--better); } .better.mark { fill: var(--better); stroke: var(--better); }
.worse.bar { stroke: var(--worse); } .worse.mark { fill: var(--worse); stroke: var(--worse); }
.plain.bar { stroke: var(--plain); } .plain.mark { fill: var(--plain); stroke: var(--plain); }
@media print { details { display: block; } main { padding: 0; } }
"""
