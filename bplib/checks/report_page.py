"""The page about a class, for its lecturer: first what is most common, then each question, and nowhere a name."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bplib.checks.hand_ins import DESCRIBED, KNOWN, NO_ANSWER, RIGHT, SEVERAL, plain
from bplib.checks.tallies import Names, Tally, catalogue, described, example, look_up, where_in_slides

FEW = 5  # hand-ins: with so few, a class may guess whose an example is

STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1a1a1a; --faint: #565656; --line: #c9c9c9; --bar: #0072b2;
  --well: #f3f4f6; --link: #005a8f; }
@media screen and (prefers-color-scheme: dark) { :root { --paper: #15181c; --ink: #ececec; --faint: #b4bac1;
  --line: #4a5058; --bar: #6cb6e6; --well: #20252b; --link: #8ccaf2; } }
@media print { :root { color-scheme: light; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1.25rem 4rem; max-width: 72rem; background: var(--paper); color: var(--ink);
  font: 1.125rem/1.5 system-ui, "Segoe UI", "Noto Sans", Arial, sans-serif; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: 2rem; margin: 0 0 .5rem; }
h2 { font-size: 1.6rem; margin: 3.5rem 0 0; padding-top: 1rem; border-top: 3px solid var(--ink); }
h3 { font-size: 1.35rem; margin: 2.75rem 0 .25rem; }
h4 { font-size: 1.125rem; margin: 1.25rem 0 .4rem; }
p { margin: .4rem 0; max-width: 48rem; }
a { color: var(--link); }
code, pre { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Consolas, monospace; font-size: .92em; }
.faint { color: var(--faint); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { text-align: left; vertical-align: top; font-weight: normal; padding: .35rem 1.25rem .35rem 0; }
thead th { color: var(--faint); border-bottom: 2px solid var(--line); vertical-align: bottom; }
tbody tr { border-bottom: 1px solid var(--line); }
.overview { width: 100%; }
.overview tbody th[scope=rowgroup] { font-weight: 600; padding-top: 1.1rem; }
.number { text-align: right; }
td.number, .overview th:nth-child(2) { white-space: nowrap; }
.pictures { display: grid; grid-template-columns: minmax(16rem, 2fr) minmax(20rem, 3fr); gap: .5rem 2.5rem; }
.pictures > * { min-width: 0; }
@media screen and (max-width: 56rem) { .pictures { grid-template-columns: minmax(0, 1fr); } }
.kinds { width: 100%; }
.kinds tr { border: 0; }
.kinds th, .kinds td { padding-top: .2rem; padding-bottom: .2rem; }
.kinds td.bar { width: 45%; padding-right: 0; }
.kinds tr.rest th { color: var(--faint); }
.kinds tr:not(.rest) + .rest > * { border-top: 1px solid var(--line); }
svg { display: block; max-width: 100%; }
td.bar svg { width: 100%; height: 1.5rem; }
svg text { fill: var(--ink); font-size: 16px; text-anchor: middle; }
svg text.faint { fill: var(--faint); }
svg .solid { fill: var(--bar); }
svg .open { fill: none; stroke: var(--bar); stroke-width: 2; stroke-dasharray: 4 3; vector-effect: non-scaling-stroke; }
svg .axis { stroke: var(--faint); stroke-width: 1; vector-effect: non-scaling-stroke; }
ol.most { padding-left: 1.5rem; margin: .25rem 0; }
ol.most > li { margin: 0 0 1.4rem; padding-left: .25rem; }
ol.most:has(> li:only-child) { list-style: none; padding: 0; }
ul { margin: .4rem 0; padding-left: 1.5rem; }
ol.most strong { font-weight: 650; }
pre { background: var(--well); border-left: 4px solid var(--line); padding: .7rem .9rem; margin: .5rem 0;
  white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.4; }
@media print { html { font-size: 9.5pt; } body { max-width: none; padding: 0; } h2 { break-before: page; }
  h2:first-of-type { break-before: auto; } h3, h4, caption { break-after: avoid; }
  figure, pre, tr, ol.most > li, .pictures { break-inside: avoid; } a { color: inherit; text-decoration: none; } }
figure { margin: 0; }
figcaption { font-weight: 600; padding: .4rem 0; }
"""


def esc(text: object) -> str:
    """Return `text` as HTML text, safe inside quoted attributes, too."""
    return html.escape(plain(text))


def name_of(id: str, known: Mapping[str, Any]) -> str:
    """Return a mistake's name in the catalogue, else its id."""
    convention = " (another convention)" if getattr(known.get(id), "convention", False) is True else ""
    return (look_up(known.get(id), "name") or id) + convention


def some(n: int, what: str) -> str:
    """Write a number with its noun: '1 hand-in', '3 hand-ins'."""
    return f"{n} {what}{'s' * (n != 1)}"


def classes_of_marks(marks: Sequence[float], out_of: float) -> list[tuple[str, int]]:
    """Count marks in steps of half a point, of a point, or in ten equal classes: the first that fits a small picture.

    Returns
    -------
    classes : list of (str, int)
        The label of each class and how many marks are in it, from no point to all of them.
    """
    for step, longest in ((0.5, 5), (1.0, 12)):
        if out_of <= longest and all((mark / step).is_integer() for mark in [*marks, out_of]):
            counts = Counter(round(mark / step) for mark in marks)
            return [(f"{k * step:g}", counts[k]) for k in range(round(out_of / step) + 1)]
    counts = Counter(min(int(10 * mark / out_of), 9) for mark in marks)
    return [(f"{10 * k}–{10 * k + 10} %", counts[k]) for k in range(10)]


def picture_of_marks(tally: Tally) -> str:
    """Draw how the marks are distributed: one column for each, its number above it."""
    classes = classes_of_marks([answer.marks for answer in tally.answers], tally.out_of)
    unit = "share of the points" if classes[0][0].endswith("%") else "points"
    column, high, top = 44 if unit == "points" else 84, 110, 24
    tallest = max(count for _, count in classes)
    width, foot = column * len(classes), top + high
    parts = []
    for k, (label, count) in enumerate(classes):
        x, tall = column * k, high * count / tallest
        if count:
            parts.append(
                f'<rect class="solid" x="{x + 6}" y="{foot - tall:.1f}" width="{column - 12}" height="{tall:.1f}"/>'
                f'<text x="{x + column / 2:g}" y="{foot - tall - 6:.1f}">{count}</text>'
            )
        parts.append(f'<text class="faint" x="{x + column / 2:g}" y="{foot + 20}">{label}</text>')
    alt = f"Hand-ins by {unit}: " + "; ".join(f"{label}: {count}" for label, count in classes if count)
    return (
        f'<figure><figcaption>How many got how many points</figcaption><svg role="img" aria-label="{alt}"'
        f' viewBox="0 0 {width} {foot + 48}" width="{width}">'
        f'{"".join(parts)}<line class="axis" x1="0" y1="{foot}" x2="{width}" y2="{foot}"/>'
        f'<text class="faint" x="{width / 2:g}" y="{foot + 42}">{unit}, of {tally.out_of:g}</text></svg></figure>'
    )


def bar(certain: int, possible: int, of: int) -> str:
    """Draw one bar on the scale of `of` hand-ins: solid, and dashed for those that another mistake may explain."""
    alt = f"{certain + possible} of {of}" + (f", {possible} of them not certain" if possible else "")
    end, rest = 200 * certain / of, 200 * possible / of
    solid = f'<rect class="solid" x="0" y="3" width="{end:.2f}" height="18"/>' if certain else ""
    dashed = f'<rect class="open" x="{end + 0.5:.2f}" y="4" width="{rest - 1:.2f}" height="16"/>' if possible else ""
    return (
        f'<svg role="img" aria-label="{alt}" viewBox="0 0 200 24" preserveAspectRatio="none">{solid}{dashed}'
        '<line class="axis" x1="0" y1="0" x2="0" y2="24"/></svg>'
    )


def picture_of_mistakes(tally: Tally, known: Mapping[str, Any]) -> str:
    """Draw one bar for each mistake, then what no known mistake explains and what was not answered."""
    wrong = len(tally.answers) - tally.count(RIGHT)
    if not wrong:
        return ""
    rows = [(name_of(id, known), certain, possible) for id, certain, possible in tally.mistakes()]
    rest = [(kind, tally.count(kind), 0) for kind in (DESCRIBED, NO_ANSWER)]
    body = "".join(
        f'<tr{kind}><th scope="row">{esc(name)}</th><td class="number">{certain + possible}</td>'
        f'<td class="bar">{bar(certain, possible, wrong)}</td></tr>'
        for kind, group in (("", rows), (' class="rest"', rest))
        for name, certain, possible in group
    )
    notes = []
    if any(a.status == KNOWN and len(a.record["mistakes"]) > 1 for a in tally.answers):
        notes.append("A hand-in with two mistakes is counted with both.")
    if tally.count(SEVERAL):
        notes.append("Dashed: this mistake or another one gives the same values; counted with each.")
    caption = f"<caption>What went wrong in {wrong} of {some(len(tally.answers), 'hand-in')}</caption>"
    return f'<div><table class="kinds">{caption}{body}</table><p class="faint">{" ".join(notes)}</p></div>'


def sentence(tally: Tally, id: str, known: Mapping[str, Any]) -> str:
    """Return what learners were told about a mistake in this question, else what the catalogue says of it."""
    records = [answer.record for answer in tally.with_mistake(id)]
    told = Counter(r["explanations"][0] for r in records if len(r["mistakes"]) == len(r["explanations"]) == 1)
    says = max(told, key=lambda text: (told[text], text)) if told else look_up(known.get(id), "says")
    return says[:1].upper() + says[1:] + ("." if says and says[-1] not in ".?!" else "")


def most_common(tally: Tally, known: Mapping[str, Any], names: Names) -> str:
    """Write about the three most common mistakes of a question: what, where to look, one example."""
    items = []
    for id, certain, possible in tally.mistakes()[:3]:
        says, look = sentence(tally, id, known), look_up(known.get(id), "look")
        shown = example(tally, id, names)
        parts = [f"<strong>{esc(name_of(id, known))}</strong>: {some(certain + possible, 'hand-in')}"]
        if says:
            parts.append(f"<p>{esc(says)}</p>")
        if look:
            parts.append(f'<p class="faint">In the slides: {esc(look)}</p>')
        if shown:
            together = "" if shown.single else " (where another mistake is in question, too)"
            parts.append(f"<p>For instance{together}: <code>{esc(shown.text)}</code></p>")
            parts.append(f"<pre><code>{esc(shown.code)}</code></pre>" if shown.code else "")
        items.append(f"<li>{''.join(parts)}</li>")
    title = "Most common mistakes" if len(items) > 1 else "The mistake"
    return f'<h4>{title}</h4><ol class="most">{"".join(items)}</ol>' if items else ""


def about(tally: Tally, known: Mapping[str, Any], names: Names) -> str:
    """Write the section about one question."""
    counts = (
        (tally.count(RIGHT), "right"),
        (tally.count(KNOWN, SEVERAL), "with a known mistake"),
        (tally.count(DESCRIBED), "described only"),
        (tally.count(NO_ANSWER), "without an answer"),
    )
    cancelled = sum(bool(answer.record and answer.record["cancels"]) for answer in tally.answers)
    look, unknown = where_in_slides(tally.question), described(tally, names)
    parts = [
        f'<section><h3 id="{tally.anchor}"><code>{esc(tally.function)}</code> '
        f'<span class="faint">{some_points(tally.out_of)}</span></h3>',
        f"<p>{some(len(tally.answers), 'hand-in')}: {', '.join(f'{n} {what}' for n, what in counts if n)}. "
        f"On average {tally.share:.0%} of the points.",
        f" In {cancelled}, a value is right only because two slips cancel.</p>" if cancelled else "</p>",
        f'<p class="faint">In the slides: {esc(look)}</p>' if look else "",
        f'<div class="pictures">{picture_of_marks(tally)}{picture_of_mistakes(tally, known)}</div>',
        most_common(tally, known, names),
    ]
    if unknown:
        rows = "".join(f"<li><code>{esc(text)}</code>{f' ({n} times)' if n > 1 else ''}</li>" for text, n in unknown)
        parts.append(f"<h4>Described only, for instance</h4><ul>{rows}</ul>")
    return "".join(parts) + "</section>"


def some_points(points: float) -> str:
    """Write a number of points."""
    return f"{points:g} point{'s' * (points != 1)}"


def overview(assignments: Mapping[str, Sequence[Tally]], known: Mapping[str, Any]) -> str:
    """Write the table at the top: a row for each question."""
    body = ""
    for assignment, questions in assignments.items():
        body += (
            f'<tbody><tr><th scope="rowgroup" colspan="5">{esc(assignment)}</th></tr>'
            if len(assignments) > 1
            else "<tbody>"
        )
        for tally in questions:
            of = len(tally.answers)
            first = next(iter(tally.mistakes()), None)
            mistake = f"{esc(name_of(first[0], known))}&nbsp;({first[1] + first[2]})" if first else "–"
            body += (
                f'<tr><th scope="row"><a href="#{tally.anchor}"><code>{esc(tally.function)}</code></a></th>'
                f'<td class="number">{of}</td><td class="number">{tally.share:.0%}</td><td>{mistake}</td>'
                f'<td class="number">{tally.hints} of {of}</td></tr>'
            )
        body += "</tbody>"
    heads = ("question", ""), ("hand-ins", "number"), ("mean share of the points", "number"), \
        ("most common mistake (how often)", ""), ("used hints", "number")  # fmt: skip
    head = "".join(f'<th scope="col" class="{kind}">{name}</th>' for name, kind in heads)
    return f'<div class="scroll"><table class="overview"><thead><tr>{head}</tr></thead>{body}</table></div>'


def page(assignments: Mapping[str, Sequence[Tally]]) -> str:
    """Write the whole page.

    Parameters
    ----------
    assignments : mapping, str -> sequence of Tally
        What `tallies` returns.

    Returns
    -------
    html : str
        One document that needs nothing else: no script, no font, no picture from elsewhere, and no learner's name.
    """
    known = catalogue()
    names = Names(a.hand_in for questions in assignments.values() for tally in questions for a in tally.answers)
    body = []
    for assignment, questions in assignments.items():
        n = len(questions[0].answers)
        body.append(f"<h2>{esc(assignment)}</h2><p>{some(n, 'hand-in')}, {some(len(questions), 'question')}.")
        body.append(" With so few, the class may guess whose an example is.</p>" if n < FEW else "</p>")
        body.extend(about(tally, known, names) for tally in questions)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>What the class found hard</title><style>{STYLE}</style></head><body>\n"
        "<h1>What the class found hard</h1>"
        "<p>Counted from what the checks left in the notebooks. Answers in words, which a person marks, are not in"
        " it.</p><p>Nobody is named on this page, and comments and texts are taken out of the programs shown. The names"
        " stand in <code>report.csv</code> beside it: keep that file to yourself.</p>"
        f"{overview(assignments, known)}"
        '<p class="faint"><em>Described only</em>: the values are wrong or missing, and no known mistake explains'
        " them. <em>No answer</em>: the function is not written, or its check did not get to its end.</p>"
        f"{''.join(body)}\n</body></html>\n"
    )
