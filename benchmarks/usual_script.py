"""The script that an analyst writes today: read, join by point, Gi* by esda, choropleth by folium."""

import sys
import warnings

warnings.filterwarnings("ignore")

import folium  # noqa: E402
import geopandas as gpd  # noqa: E402
import pandas as pd  # noqa: E402
from esda.getisord import G_Local  # noqa: E402
from libpysal.weights import Queen  # noqa: E402

source, boundaries, out = sys.argv[1:4]
rows = pd.read_csv(source, low_memory=False, skiprows=[1])
rows = rows[(rows["Country Code"] == "ML") & rows["Year"].between(2017, 2022) & (rows["Total kidnapped"] > 0)]
rows = rows.dropna(subset=["Latitude", "Longitude"])
points = gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(rows["Longitude"], rows["Latitude"]), crs=4326)
regions = gpd.read_file(boundaries)[["name", "geometry"]]
joined = gpd.sjoin(points, regions)
regions["incidents"] = joined.groupby("index_right").size().reindex(regions.index, fill_value=0)
weights = Queen.from_dataframe(regions, use_index=False)
local = G_Local(regions["incidents"].to_numpy(dtype=float), weights, star=True, seed=0)
regions["p"] = local.p_sim
page = folium.Map([17, -4], zoom_start=5)
folium.Choropleth(
    regions.to_json(), data=regions, columns=["name", "incidents"], key_on="feature.properties.name"
).add_to(page)
page.save(out)
