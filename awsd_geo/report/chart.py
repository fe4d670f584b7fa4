"""The yearly chart as inline SVG: no script, no style attribute, readable by a screen reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.maps.page import escape

if TYPE_CHECKING:
    from awsd_geo.report.wording import Wording

WIDTH, HEIGHT = 420, 214
LEFT, RIGHT, TOP, BOTTOM = 28, 4, 20, 38
FEW_YEARS = 10  # so many bars leave room for the victims under every year
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000)


def yearly_chart(findings: dict[str, Any], say: Wording) -> str:
    """Draw incidents by year as bars; provisional years hatched, unfinished years starred.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``; ``by_year_detail`` is drawn.
    say : Wording
        The page's language.

    Returns
    -------
    str
        One ``<svg>`` element. Colours come from the page's stylesheet through classes.
    """
    years = findings["by_year_detail"]
    most = max((year["incidents"] for year in years if year["incidents"] is not None), default=0)
    step = grid_step(most)
    top = step * max(1, -(-most // step))
    parts = [_line(value, top, say) for value in range(0, top + 1, step)]
    parts += [_bar(index, year, len(years), top, say) for index, year in enumerate(years)]
    title, text = escape(say.get("chart.title")), escape(describe(findings, say))
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="chart-title chart-text">'
        f'<title id="chart-title">{title}</title><desc id="chart-text">{text}</desc>'
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/>'
        '<rect class="hatch-line" width="3" height="6"/></pattern></defs>'
        f'<g aria-hidden="true">{"".join(parts)}</g></svg>'
    )


def describe(findings: dict[str, Any], say: Wording) -> str:
    """Say the chart in words: every year with its incidents, and what is provisional."""
    return say.parted(_describe_year(year, findings["kind"], say) for year in findings["by_year_detail"]) + "."


def _describe_year(year: dict[str, Any], kind: str, say: Wording) -> str:
    if year["incidents"] is None:
        text = say.say("chart.year_hidden", year=year["year"])
    else:
        text = say.counted("chart.year", year["incidents"], year=year["year"])
    if year["victims"] is not None:
        victims = say.counted(f"kind.{kind}.victim", year["victims"])
        text = say.say("chart.year_victims", incidents=text, victims=victims)
    marks = [say.get(f"chart.{mark}") for mark in ("provisional", "partial") if year[mark]]
    return f"{text} ({', '.join(marks)})" if marks else text


def grid_step(most: int) -> int:
    """Choose the step of the grid so that at most five lines are drawn.

    Examples
    --------
    >>> grid_step(0), grid_step(4), grid_step(17), grid_step(120)
    (1, 1, 5, 25)
    """
    return next((step for step in _STEPS if most <= 5 * step), most // 4 or 1)


def _height(value: float, top: int) -> float:
    return (HEIGHT - TOP - BOTTOM) * value / top


def _line(value: int, top: int, say: Wording) -> str:
    y = round(HEIGHT - BOTTOM - _height(value, top), 1)
    name = "axis" if value == 0 else "grid"
    return (
        f'<path class="{name}" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>'
        f'<text class="tick" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{say.number(value)}</text>'
    )


def _bar(index: int, year: dict[str, Any], count: int, top: int, say: Wording) -> str:
    slot = (WIDTH - LEFT - RIGHT) / count
    wide = min(0.68 * slot, 52)
    hidden = year["incidents"] is None
    middle, tall = LEFT + (index + 0.5) * slot, _height(0 if hidden else year["incidents"], top)
    y = HEIGHT - BOTTOM - tall
    name = "bar provisional" if year["provisional"] else "bar"
    shape = f'<rect class="{name}" x="{middle - wide / 2:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}"/>'
    shape = "" if hidden else shape
    label = say.get("chart.hidden") if hidden else f"{say.number(year['incidents'])}{'*' if year['partial'] else ''}"
    name = "count" + _between(index, count)
    above = f'<text class="{name}" x="{middle:.1f}" y="{y - 5:.1f}" text-anchor="middle">{label}</text>'
    return shape + above + _below(index, year, count, middle, say)


def _labelled(index: int, count: int) -> bool:
    return (count - 1 - index) % -(-count // FEW_YEARS) == 0


def _between(index: int, count: int) -> str:
    """Mark what has no room on paper: of a long series, all but every other labelled year."""
    every = -(-count // FEW_YEARS)
    return " between" if count > FEW_YEARS and (count - 1 - index) % (2 * every) else ""


def _below(index: int, year: dict[str, Any], count: int, middle: float, say: Wording) -> str:
    if not _labelled(index, count):
        return ""
    place = f'x="{middle:.1f}" text-anchor="middle"'
    text = f'<text class="year{_between(index, count)}" {place} y="{HEIGHT - BOTTOM + 16}">{year["year"]}</text>'
    if count <= FEW_YEARS and year["victims"] is not None:
        text += f'<text class="victims" {place} y="{HEIGHT - BOTTOM + 31}">({say.number(year["victims"])})</text>'
    return text
