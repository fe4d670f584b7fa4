"""The Signal Alert: its findings, pages, pictures and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    import datetime as dt
    import os
    from pathlib import Path

    from awsd_geo.maps.fragment import RegionMap
    from awsd_geo.maps.still.picture import Picture
    from awsd_geo.maps.still.sheet import Sheet
    from awsd_geo.report.analysis import Analysis
    from awsd_geo.report.release import Release


@dataclass(frozen=True, slots=True, eq=False)
class Alert:
    """A Signal Alert: what was found, and the pages that say so."""

    findings: dict[str, Any]
    analysis: Analysis | None  # None where small numbers are suppressed: there is a release then
    release: Release | None = None

    def map(self, *, lang: str = "en") -> RegionMap:
        """Make the interactive map.

        Parameters
        ----------
        lang : {"en", "fr"}
            Language of the page.

        Returns
        -------
        RegionMap
            With ``html()``, ``save(path)`` and ``to_folium()``.
        """
        from awsd_geo.report.alert_map import alert_map

        return alert_map(self._made, self.findings, lang)

    def plot(self, layer: str = "incidents", *, lang: str = "en", sheet: Sheet | None = None) -> Picture:
        """Draw one layer of the map as a still picture, for a report or a slide.

        Parameters
        ----------
        layer : str, default "incidents"
            "incidents", "share", "rate", "clusters", "change" or "hotspot", as far as the alert has it.
        lang : {"en", "fr"}
            Language of the picture.
        sheet : maps.Sheet, optional
            Size, theme, year and type; by default 160 mm wide and light.

        Returns
        -------
        maps.Picture
            With ``save(path)`` for PNG, SVG and PDF.

        Raises
        ------
        RequestError
            If the alert has no such layer or year, or the sheet no room for it.
        """
        from awsd_geo.report.alert_map import alert_picture

        return alert_picture(self._made, self.findings, layer, lang=lang, sheet=sheet)

    def html(self, *, lang: str = "en", context: str | None = None, issued: str | dt.date | None = None) -> str:
        """Write the alert page.

        Parameters
        ----------
        lang : {"en", "fr"}
            Language of the page.
        context : str, optional
            The analyst's own words, Markdown, as for :func:`awsd_geo.report.context.context_markup`.
        issued : str or date, optional
            Date of issue; without it the page says that it is a draft.

        Returns
        -------
        str
            A whole page that makes no request.

        Raises
        ------
        RequestError
            If the date is none, or before the date that the data reach.
        """
        return self._page(self.map(lang=lang), lang, context, issued)

    def pdf(self, *, lang: str = "en", context: str | None = None, issued: str | dt.date | None = None) -> bytes:
        """Print the alert page to PDF, by the Chromium or Chrome of this machine: one A4 page.

        Parameters
        ----------
        lang : {"en", "fr"}
            Language of the page.
        context : str, optional
            The analyst's own words; of more than 40 to 150 (by table and language) the PDF has a second page.
        issued : str or date, optional
            Date of issue; without it the page says that it is a draft.

        Returns
        -------
        bytes
            The PDF, dated as the data.

        Raises
        ------
        RequestError
            If there is no Chromium or Chrome.
        """
        return self._pdf(self.html(lang=lang, context=context, issued=issued))

    def save(
        self,
        folder: str | os.PathLike[str],
        *,
        lang: str = "en",
        context: str | None = None,
        issued: str | dt.date | None = None,
        pdf: bool = False,
        long_names: bool = False,
    ) -> list[Path]:
        """Write ``alert.html``, ``map.html``, ``regions.csv``, ``regions.geojson`` and ``findings.json``.

        Parameters
        ----------
        folder : path
            Made if it is not there. A run that fails leaves older files as they were.
        lang : {"en", "fr"}
            Language of the pages; the other files are the same in every language.
        context : str, optional
            The analyst's own words, Markdown, for the alert page.
        issued : str or date, optional
            Date of issue of the alert page; without it the page says that it is a draft.
        pdf : bool, default False
            Write ``alert.pdf`` too, by the Chromium or Chrome of this machine.
        long_names : bool, default False
            Name the files by what is in them: ``mli-alert-kidnapped-2017-2022-en.html``.

        Returns
        -------
        list of Path
            The files written.

        Raises
        ------
        InputError
            If the folder cannot be written to.
        RequestError
            If a PDF is asked for and there is no Chromium or Chrome.
        """
        from awsd_geo.report import names, tables

        drawn = self.map(lang=lang)
        page = self._page(drawn, lang, context, issued)
        texts: dict[str, str | bytes] = {
            "alert.html": page,
            "map.html": drawn.html(),
            "regions.csv": tables.regions_csv(self.findings),
            "regions.geojson": tables.regions_geojson(self.findings, self._made.regions),
            "findings.json": tables.findings_json(self.findings),
        }
        if pdf:
            texts[names.PDF] = self._pdf(page)
        named = names.file_names(self.findings, lang, long=long_names)
        return tables.write_all(folder, {named[name]: text for name, text in texts.items()})

    def summary(self, *, lang: str = "en") -> str:
        """Give the headline and the lede as plain text.

        Parameters
        ----------
        lang : {"en", "fr"}
            Language.

        Returns
        -------
        str
        """
        from awsd_geo.report.lede import headline, lede
        from awsd_geo.report.wording import Wording

        say = Wording(lang)
        return "\n".join([headline(self.findings, say), *lede(self.findings, say)])

    @property
    def _made(self) -> Analysis | Release:
        """What the alert is made from."""
        made = self.release or self.analysis
        if made is None:
            raise InputError("An alert needs an analysis or a release. Make it with awsd_geo.alert.")
        return made

    def _page(self, drawn: RegionMap, lang: str, context: str | None, issued: str | dt.date | None) -> str:
        from awsd_geo.report.page import alert_page

        return alert_page(self.findings, lang=lang, map_fragment=drawn.fragment(), context=context, issued=issued)

    def _pdf(self, page: str) -> bytes:
        from awsd_geo.report.pdf import to_pdf

        reach = self.findings["data_to"]
        return to_pdf(page, date=reach if "-" in reach else f"{reach}-12-31")

    def __repr__(self) -> str:
        return f"<Alert {self.summary().splitlines()[0]!r}>"

    def _repr_html_(self) -> str:
        """Show the page in a notebook, in a frame of its own."""
        from awsd_geo.maps.notebook import frame, in_words

        title, *told = self.summary().splitlines()
        said = in_words([title, *told], [self.findings["status"]])
        return frame(self.html(), title=title, height=900, instead=said)
