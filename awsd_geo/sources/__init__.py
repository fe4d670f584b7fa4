"""A file in, the incidents table out: every form of the AWSD's files, the built-in example, the download.

The public names are loaded on first use (PEP 562). The modules are named after what they do (``downloading``,
``examples``), so that no function hides the module of the same name.
"""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "ReadReport": "checking",
    "check_report": "checking",
    "date_of": "clock",
    "download": "downloading",
    "example": "examples",
    "highest_id": "clock",
    "read_incidents": "reading",
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
