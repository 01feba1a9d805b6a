"""Plotly's own script, served from the installed package, and what a strict policy needs beside it.

Plotly writes its rules into a style element, which the policy forbids; it leaves that alone when a link
of the same id stands in the page. The rules are read out of the installed bundle, so that they always
belong to it and none of its text is copied into this project.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

RULES = re.compile(r"""\{"X,X div":.*?\};""", re.DOTALL)
RULE = re.compile(r"""(?:"(?P<quoted>X[^"]*)"|(?P<bare>X)):(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""")
BLANK_STYLE = re.compile(r'getElementById\("([0-9a-f]{64})"\)')
COMPRESSION = 6


@dataclass
class PlotlyBundle:
    """The bundle, read on first use and kept compressed.

    Args:
        read: returns the bytes of plotly.min.js.
    """

    version: str

    @cached_property
    def _source(self) -> bytes:
        return (resources.files("plotly") / "package_data" / "plotly.min.js").read_bytes()

    @cached_property
    def compressed(self) -> bytes:
        """The script, gzipped once."""
        return gzip.compress(self._source, COMPRESSION, mtime=0)

    @property
    def plain(self) -> bytes:
        """The script as it is, for the rare client without gzip."""
        return gzip.decompress(self.compressed)

    @cached_property
    def stylesheet(self) -> str:
        """Plotly's own rules as a stylesheet, in the order in which it would insert them."""
        text = self._source.decode()
        found = RULES.search(text)
        rules = RULE.finditer(found.group(0)) if found else iter(())
        return "\n".join(reversed([_rule(match) for match in rules]))

    @cached_property
    def blank_style_ids(self) -> tuple[str, ...]:
        """Ids of style elements that the bundle would add at load; an empty link with the id stops it."""
        return tuple(dict.fromkeys(BLANK_STYLE.findall(self._source.decode())))

    @cached_property
    def tag(self) -> str:
        """A short text that changes with the bundle, for addresses that may be cached for ever."""
        return hashlib.sha256(self.version.encode()).hexdigest()[:12]


def _rule(match: re.Match[str]) -> str:
    selector = (match["quoted"] or match["bare"]).replace("X", ".js-plotly-plot .plotly")
    return f"{selector}{{{match['double'] or match['single'] or ''}}}"
