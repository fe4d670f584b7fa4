"""The Signal Alert: the steps in a row, the findings, and the pages made from them."""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "Alert": "alerts",
    "Analysis": "analysis",
    "Question": "analysis",
    "alert": "making",
    "alert_page": "page",
    "analyse": "analysis",
    "frame": "periods",
    "period": "periods",
    "place": "analysis",
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
