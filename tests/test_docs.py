"""The documentation names what there is."""

import types
from pathlib import Path

import awsd_geo as ag

ROOT = Path(__file__).resolve().parents[1]


def test_every_public_statistic_stands_in_the_library_reference():
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    names = [name for name in ag.statistics.__all__ if isinstance(getattr(ag.statistics, name), types.FunctionType)]
    assert [name for name in names if f".. autofunction:: awsd_geo.statistics.{name}\n" not in text] == []


def test_every_command_stands_in_the_readme():
    from awsd_geo.cli import app

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    names = [(command.name or command.callback.__name__) for command in app.registered_commands]
    for group in app.registered_groups:
        names += [f"{group.name} {command.name}" for command in group.typer_instance.registered_commands]
    assert [name for name in names if f"`{name}`" not in text and f"awsd-geo {name}" not in text] == []
