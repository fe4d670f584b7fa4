"""Disclosure control: what may be shown to whom, small cells suppressed, recent days held back, coarser units."""

from __future__ import annotations

from awsd_geo.disclosure._attack import attack
from awsd_geo.disclosure._embargo import Embargo, embargo
from awsd_geo.disclosure._generalise import generalise
from awsd_geo.disclosure._policy import AUDIENCES, DATA, Policy, check_columns, check_level, policy
from awsd_geo.disclosure._suppress import suppress
from awsd_geo.disclosure._suppression import Suppression
from awsd_geo.disclosure._system import TOTAL

__all__ = [
    "AUDIENCES",
    "DATA",
    "TOTAL",
    "Embargo",
    "Policy",
    "Suppression",
    "attack",
    "check_columns",
    "check_level",
    "embargo",
    "generalise",
    "policy",
    "suppress",
]
