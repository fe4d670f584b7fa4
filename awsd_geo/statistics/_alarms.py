"""What the methods for long series have in common: a table by period with alarms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from awsd_geo.results import Result

if TYPE_CHECKING:
    import pandas as pd

ALARM, QUIET, UNDEFINED = "alarm", "no alarm", "undefined"


@dataclass(frozen=True, slots=True, eq=False)
class Alarms(Result):
    """Which periods of a long series stand out; ``table`` has the index ``period``.

    ``table`` has ``incidents``, ``expected``, ``threshold`` (a count above it is an alarm; for the cumulative methods
    the threshold of the statistic), ``statistic``, ``label`` (one of "alarm", "no alarm", "undefined") and ``reason``
    (where undefined).
    """

    method: str
    parameters: dict[str, float]
    reason: str | None  # why it is undefined for every period, if it is

    @property
    def alarms(self) -> pd.Index:
        """The periods with an alarm."""
        return self.table.index[self.table["label"] == ALARM]

    def summary(self) -> str:
        """Count the alarms and name the last period's label."""
        if self.reason is not None:
            return f"{self.method} is undefined. {self.reason}"
        judged = int((self.table["label"] != UNDEFINED).sum())
        latest = self.table.iloc[-1]
        chosen = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in self.parameters.items())
        return (
            f"{self.method} ({chosen}): {len(self.alarms)} alarm{'s' * (len(self.alarms) != 1)} in {judged} periods "
            f"judged; {self.table.index[-1]} with {latest['incidents']} incidents: {latest['label']}. Alarms are not "
            "corrected for the number of periods looked at."
        )
