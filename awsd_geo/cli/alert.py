"""The alert, and the parts of it that can be had alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import awsd_geo as ag
from awsd_geo.cli.options import (
    AsOf,
    AudienceOption,
    Country,
    EmbargoDays,
    File,
    KindOption,
    LangOption,
    Level,
    Means,
    Out,
    OwnData,
    Seed,
    SuppressBelow,
    VintageOption,
    Years,
    ask,
    limits,
    make_alert,
    wrote,
)
from awsd_geo.report import pdf as report_pdf
from awsd_geo.report.context import read_context

if TYPE_CHECKING:
    from awsd_geo.maps.still.sheet import Sheet

Context = Annotated[
    Path | None,
    typer.Option(metavar="FILE.md", help="The analyst's own words (Markdown), for the alert page."),
]
Issued = Annotated[
    str | None,
    typer.Option(metavar="YYYY-MM-DD", help="Date of issue of the alert page. Without it: a draft."),
]
LayerOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="What a picture shows: incidents, share, rate, clusters, change or hotspot."),
]
SizeOption = Annotated[
    str | None, typer.Option(metavar="SIZE", help="Of a picture: text (160 mm wide), column, page or slide.")
]
LongNames = Annotated[
    bool, typer.Option("--long-names", help="Name files by content: mli-alert-kidnapped-2017-2022-en.html.")
]


def alert(
    file: File = None,
    country: Country = "MLI",
    years: Years = None,
    kind: KindOption = "kidnapped",
    means: Means = None,
    vintage: VintageOption = None,
    level: Level = 1,
    as_of: AsOf = None,
    audience: AudienceOption = "public",
    own_data: OwnData = False,  # noqa: FBT002 - typer calls it so
    suppress_below: SuppressBelow = None,
    embargo_days: EmbargoDays = None,
    lang: LangOption = "en",
    seed: Seed = 0,
    context: Context = None,
    issued: Issued = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Write alert.pdf too (needs Chromium or Chrome).")] = False,  # noqa: FBT002
    long_names: LongNames = False,  # noqa: FBT002 - typer calls it so
    out: Out = Path("out"),
) -> None:
    """Write the Signal Alert: alert.html, map.html, regions.csv, regions.geojson, findings.json."""
    if pdf:
        report_pdf.browser()  # what cannot be printed is said before the work, not after it
    said = None if context is None else read_context(context)
    given = limits(audience, own_data=own_data, suppress_below=suppress_below, embargo_days=embargo_days)
    made = make_alert(file, ask(country, years, kind, means, vintage, level, as_of, seed), given)
    written = made.save(out, lang=lang, context=said, issued=issued, pdf=pdf, long_names=long_names)
    typer.echo(made.summary(lang=lang))
    wrote(written)
    if pdf and (count := report_pdf.pages(written[-1].read_bytes())) > 1:
        typer.echo(f"Note: {written[-1].name} has {count} pages. A shorter context makes it one.")


def map_(
    file: File = None,
    country: Country = "MLI",
    years: Years = None,
    kind: KindOption = "kidnapped",
    means: Means = None,
    vintage: VintageOption = None,
    level: Level = 1,
    as_of: AsOf = None,
    audience: AudienceOption = "public",
    own_data: OwnData = False,  # noqa: FBT002 - typer calls it so
    suppress_below: SuppressBelow = None,
    embargo_days: EmbargoDays = None,
    lang: LangOption = "en",
    layer: LayerOption = None,
    size: SizeOption = None,
    out: Annotated[Path, typer.Option(help="The page to write; .png, .svg or .pdf: a still picture.")] = Path(
        "map.html"
    ),
) -> None:
    """Write the interactive hotspot map alone, one page that works offline, or a still picture of one layer."""
    sheet = picture_options(out, layer, size)
    given = limits(audience, own_data=own_data, suppress_below=suppress_below, embargo_days=embargo_days)
    made = make_alert(file, ask(country, years, kind, means, vintage, level, as_of), given)
    drawn = made.map(lang=lang) if sheet is None else made.plot(layer or "incidents", lang=lang, sheet=sheet)
    wrote([drawn.save(out)])


def picture_options(out: Path, layer: str | None, size: str | None) -> Sheet | None:
    """Read what is asked of a picture; None where a page is asked for."""
    if out.suffix.lower() in {".png", ".svg", ".pdf"}:
        from awsd_geo.maps.still.sheet import Sheet

        return Sheet(size or "text")
    if layer or size:
        raise ag.RequestError(
            f"--layer and --size are for pictures, and {out.name} is a page, which has all layers. End --out in .png, "
            ".svg or .pdf."
        )
    return None


def hotspots(
    file: File = None,
    country: Country = "MLI",
    years: Years = None,
    kind: KindOption = "kidnapped",
    means: Means = None,
    vintage: VintageOption = None,
    level: Level = 1,
    as_of: AsOf = None,
    audience: AudienceOption = "public",
    own_data: OwnData = False,  # noqa: FBT002
    suppress_below: SuppressBelow = None,
    embargo_days: EmbargoDays = None,
    seed: Seed = 0,
) -> None:
    """Print the statistics: concentration, trend, Gi* and Moran, with esda's values as a second opinion."""
    given = limits(audience, own_data=own_data, suppress_below=suppress_below, embargo_days=embargo_days)
    if given.suppress_below:
        raise ag.RequestError(
            f"hotspots prints tests that need the number of every unit, and the audience {given.audience!r} may not be "
            f"given numbers below {given.suppress_below}. Use awsd-geo alert, which shows what can be shown, or ask "
            "with --audience internal."
        )
    made = make_alert(file, ask(country, years, kind, means, vintage, level, as_of, seed), given).analysis
    if made is None:
        raise ag.RequestError("There are no tests of every unit under suppression. Use awsd-geo alert.")
    local = made.local
    where = (made.denominators.results["equal"], made.placings["equal"], made.denominators)
    for result in (*where, made.trend, made.moran, local):
        typer.echo(result.summary())
    compared = local.second_opinion()
    typer.echo(local.to_frame().join(compared["esda"]).set_index("name").drop(columns=["kind", "reason"]).to_string())
    typer.echo(f"Largest difference from esda's values of Gi*: {compared['difference'].abs().max():.1e}")
