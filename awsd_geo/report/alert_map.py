"""The map of an alert: which layers it has and what its texts say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.errors import RequestError

if TYPE_CHECKING:
    from awsd_geo.maps.fragment import RegionMap
    from awsd_geo.maps.layer import Layer
    from awsd_geo.maps.still.picture import Picture
    from awsd_geo.maps.still.sheet import Sheet
    from awsd_geo.maps.texts import MapText
    from awsd_geo.report.analysis import Analysis
    from awsd_geo.report.release import Release


def alert_map(made: Analysis | Release, findings: dict[str, Any], lang: str) -> RegionMap:
    """Draw incidents by year, share, smoothed rate, clusters, change and Gi* class of an analysis.

    Parameters
    ----------
    made : Analysis or Release
        What the steps gave; of a release, the layers that its table allows.
    findings : dict
        The same as ``findings.json``; the texts are made from it.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    RegionMap
    """
    from awsd_geo import boundaries
    from awsd_geo.maps.fragment import region_map
    from awsd_geo.maps.geometry import in_one_piece

    country = made.regions.attrs["country"]
    towns = boundaries.towns(country)
    return region_map(
        in_one_piece(made.regions),
        layers_of(made, findings, lang),
        text=alert_text(findings, lang),
        lang=lang,
        status=findings["status"],
        neighbours=boundaries.neighbours(country),
        towns=towns if len(towns) else None,
    )


def alert_picture(
    made: Analysis | Release, findings: dict[str, Any], name: str, *, lang: str, sheet: Sheet | None
) -> Picture:
    """Draw one layer of :func:`alert_map` as a still picture, with the same texts and in the same classes.

    Raises
    ------
    RequestError
        If the alert has no such layer; the message names those that it has.
    """
    from awsd_geo import boundaries
    from awsd_geo.maps.layer import in_common
    from awsd_geo.maps.still.picture import plot

    layers = {layer.key: layer for layer in in_common(layers_of(made, findings, lang))}
    if name not in layers:
        raise RequestError(f"This alert has no layer {name!r}. Choose one of {', '.join(layers)}.")
    country = made.regions.attrs["country"]
    towns = boundaries.towns(country)
    return plot(
        made.regions,
        layers[name],
        text=alert_text(findings, lang),
        status=findings["status"],
        neighbours=boundaries.neighbours(country),
        towns=towns if len(towns) else None,
        sheet=sheet,
    )


def layers_of(made: Analysis | Release, findings: dict[str, Any], lang: str) -> list[Layer]:
    """Make the layers of an analysis, or those that a release allows."""
    from awsd_geo.report.analysis import Analysis
    from awsd_geo.report.release_map import release_layers

    return alert_layers(made, lang) if isinstance(made, Analysis) else release_layers(made, findings, lang)


def alert_layers(made: Analysis, lang: str) -> list[Layer]:
    """Make the layers of an alert: incidents first; rates where residents are known, change of two years or more."""
    from awsd_geo import maps

    layers = [maps.incidents_layer(made.counts, lang), maps.share_layer(made.denominators.results["equal"].table, lang)]
    if made.exposures["population"].notna().any():
        layers.append(maps.rate_layer(made.counts, made.exposures["population"], lang))
    layers.append(maps.clusters_layer(made.scans["equal"], lang))
    if made.shares is not None:
        layers.append(maps.change_layer(made.counts, made.split, lang))
    return [*layers, maps.hotspot_layer(made.local.table, lang)]


def alert_text(findings: dict[str, Any], lang: str) -> MapText:
    """Write what stands on and under the map of an alert."""
    from awsd_geo.maps.texts import MapText
    from awsd_geo.report.lede import headline, lede
    from awsd_geo.report.provenance import definitions, source_line
    from awsd_geo.report.wording import Wording

    say = Wording(lang)
    return MapText(
        title=headline(findings, say),
        finding=" ".join(lede(findings, say)[:2]),
        subtitle=subtitle(findings, say),
        notes=(source_line(findings, say), *definitions(findings, say)),
        sources=(f"{say.translated(findings['provenance']['citation'])}.",),
    )


def subtitle(findings: dict[str, Any], say: Any) -> str:
    """Name country, kind of incident and period in one line."""
    kind = say.get(f"kind.{findings['kind']}.plural")
    return f"{findings['country_name'][say.lang]} · {kind} · {say.period(findings['years'])}"
