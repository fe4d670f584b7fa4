"""Countries, their frames and their units; a country is a folder of data (`boundaries/README.md`), no Python.

Importing this loads neither pandas nor geopandas; the functions that return tables do.
"""

from awsd_geo.boundaries.around import country_outlines
from awsd_geo.boundaries.awsd import AwsdCountry, awsd_countries, former_states
from awsd_geo.boundaries.country import (
    Country,
    Level,
    Vintage,
    countries,
    default_vintage,
    find_country,
)
from awsd_geo.boundaries.files import from_file
from awsd_geo.boundaries.geoboundaries import from_geoboundaries
from awsd_geo.boundaries.keeping import add, remove
from awsd_geo.boundaries.names import membership, place_names, towns
from awsd_geo.boundaries.own import own_frames
from awsd_geo.boundaries.regions import load_regions, neighbours

__all__ = [
    "AwsdCountry",
    "Country",
    "Level",
    "Vintage",
    "add",
    "awsd_countries",
    "countries",
    "country_outlines",
    "default_vintage",
    "find_country",
    "former_states",
    "from_file",
    "from_geoboundaries",
    "load_regions",
    "membership",
    "neighbours",
    "own_frames",
    "place_names",
    "remove",
    "towns",
]
