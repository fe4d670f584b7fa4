"""Axes that show themselves in a notebook, although ``pyplot`` does not know their figure."""

from __future__ import annotations

from matplotlib.axes import Axes

from awsd_geo.maps.still.saving import bytes_of


class MapAxes(Axes):
    """Axes of a figure of our own."""

    def _repr_png_(self) -> bytes:
        return bytes_of(self, "png", dpi=150)
