"""Files larger than memory, and clusters: counts by region and year from chunks of rows, each placed as ever."""

from __future__ import annotations

from awsd_geo.scale.files import count_file
from awsd_geo.scale.partitions import count_partitions

__all__ = ["count_file", "count_partitions"]
