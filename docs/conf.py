"""How the documentation is built: sphinx-build -W docs docs/_build."""

import awsd_geo

project = "awsd_geo"
author = "The awsd_geo developers"
copyright = "2026, the awsd_geo developers"
release = awsd_geo.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "awsd_geo"
myst_heading_anchors = 3
numpydoc_show_class_members = False
autodoc_typehints = "none"
autosummary_generate = False
suppress_warnings = ["myst.xref_missing"]
