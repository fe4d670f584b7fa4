"""How a country's boundary files are made; ``python -m boundaries.build MLI`` from the top of the repo.

Nothing here is needed to use awsd_geo. Every fact about a country (packages, digests, tolerances) is in its
``country.toml``; see ``boundaries/README.md``.
"""
