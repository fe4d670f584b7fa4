"""The errors that awsd_geo raises on purpose; anything else that escapes is a bug."""


class AwsdGeoError(Exception):
    """Base of every error that awsd_geo raises on purpose.

    The message is one sentence or two: what is wrong (naming the file, row or column), then what to do.
    """


class InputError(AwsdGeoError, ValueError):
    """A file or table is at fault: absent, unreadable, or without the columns that a step needs."""


class RequestError(AwsdGeoError, ValueError):
    """A choice is at fault: an unknown country, years the wrong way round, a vintage that does not exist."""


class DegenerateError(AwsdGeoError, ValueError):
    """A statistic is undefined for these data and no table could say so row by row."""


class DependencyError(AwsdGeoError, ImportError):
    """An optional program or package that this step needs is not installed."""
