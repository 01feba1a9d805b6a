"""What `doctor` finds."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, FAILURE = "ok", "warning", "failure"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        level: ``ok``, ``warning`` (worth a look) or ``failure`` (do something now).
        about: What was looked at; fit for programs.
        what: How it is, in words.
        do: What to do; empty where nothing is to be done.
    """

    level: str
    about: str
    what: str
    do: str = ""


def judged(about: str, what: str, do: str = "", *, fails: bool = False, warns: bool = False) -> Finding:
    """Return a finding; advice is given only where something is not in order."""
    level = FAILURE if fails else WARNING if warns else OK
    return Finding(level, about, what, do if level != OK else "")
