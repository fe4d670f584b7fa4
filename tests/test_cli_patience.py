"""What a terminal is told while work goes on: nothing at first, then that it goes on, and no trace at the end."""

import io
import time

import pytest
import rich.console

from awsd_geo.cli.options import busy


class Terminal(io.StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("after", "works", "told"), [(60, 0.0, False), (0.01, 0.4, True)])
def test_only_long_work_is_told_of(monkeypatch, after, works, told):
    stderr = Terminal()
    monkeypatch.setattr("sys.stderr", stderr)
    monkeypatch.setattr(rich.console, "Console", lambda **_: rich_console(file=stderr, force_terminal=True))
    with busy("Placing", after=after):
        time.sleep(works)
    assert ("Placing ..." in stderr.getvalue()) == told


rich_console = rich.console.Console


def test_where_stderr_is_no_terminal_nothing_is_written(monkeypatch):
    stderr = io.StringIO()
    monkeypatch.setattr("sys.stderr", stderr)
    with busy("Placing", after=0):
        time.sleep(0.05)
    assert stderr.getvalue() == ""


def test_an_error_passes_and_ends_the_telling(monkeypatch):
    monkeypatch.setattr("sys.stderr", Terminal())
    with pytest.raises(ZeroDivisionError), busy("Placing", after=60):
        1 / 0  # noqa: B018
