"""The registry of rules, and one evaluation of them all.

The same facts, in whatever order they come, give the same hits in the same order, and so the
same digest. The rule set's hash says which rules in which versions with which parameters.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final

from audit.errors import ParameterRefused
from audit.rules.amt_01 import RULE as AMT_01
from audit.rules.bnk_01 import RULE as BNK_01
from audit.rules.bnk_06 import RULE as BNK_06
from audit.rules.bnk_08 import RULE as BNK_08
from audit.rules.bud_01 import RULE as BUD_01
from audit.rules.bud_02 import RULE as BUD_02
from audit.rules.pay_01 import RULE as PAY_01
from audit.rules.pay_02 import RULE as PAY_02
from audit.rules.pay_03 import RULE as PAY_03
from audit.rules.pay_04 import RULE as PAY_04
from audit.rules.pay_06 import RULE as PAY_06
from audit.rules.pay_07 import RULE as PAY_07

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from audit.frames import Context
    from audit.rule import Hit
    from audit.rule import Rule

RULES: Final[Mapping[str, Rule]] = {
    rule.id: rule
    for rule in (
        AMT_01, BNK_01, BNK_06, BNK_08, BUD_01, BUD_02, PAY_01, PAY_02, PAY_03, PAY_04, PAY_06, PAY_07,
    )
}  # fmt: skip

Overrides = dict[str, dict[str, int]]
"""What a foundation set instead of defaults: {rule id: {parameter: value}}."""


def settings(overrides: Mapping[str, Mapping[str, int]] | None = None) -> Overrides:
    """Return every rule's parameters: the defaults, or what was set instead.

    Raises:
        ParameterRefused: There is no such rule or parameter, or its value does not fit.
    """
    given = overrides or {}
    for unknown in sorted(given.keys() - RULES.keys()):
        raise ParameterRefused(unknown, "there is no such rule")
    return {rule.id: rule.settings(given.get(rule.id)) for rule in RULES.values()}


def rule_set_hash(overrides: Mapping[str, Mapping[str, int]] | None = None) -> str:
    """Return the SHA-256, in hex, of the ids, versions and parameters of all rules.

    Raises:
        ParameterRefused: The overrides do not fit the rules.
    """
    values = settings(overrides)
    return _sha256([[rule.id, rule.version, values[rule.id]] for rule in RULES.values()])


def rules_hash(overrides: Mapping[str, Mapping[str, Mapping[str, int]]]) -> str:
    """Return the hash of what several foundations are judged by: that of the defaults where nobody set anything.

    Args:
        overrides: What each foundation set instead, by its id.
    """
    own = {foundation: rule_set_hash(given) for foundation, given in sorted(overrides.items()) if given}
    if not own:
        return rule_set_hash()
    rows: list[list[object]] = [[rule_set_hash()]]
    rows += [[foundation, hash_] for foundation, hash_ in own.items()]
    return _sha256(rows)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Every hit on a foundation, in order of rule and subjects."""

    hits: tuple[Hit, ...]

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the hits, in hex."""
        return digest(self.hits)


def evaluate(context: Context, overrides: Mapping[str, Mapping[str, int]] | None = None) -> Evaluation:
    """Return every hit of every rule on a foundation.

    Raises:
        ParameterRefused: The overrides do not fit the rules.
    """
    values = settings(overrides)
    hits = [hit for rule in RULES.values() for hit in rule.check(context, values[rule.id])]
    return Evaluation(tuple(sorted(hits, key=lambda hit: (hit.rule, hit.subjects))))


def digest(hits: Iterable[Hit]) -> str:
    """Return the SHA-256, in hex, of hits in their order."""
    return _sha256([[hit.rule, list(hit.subjects), hit.severity, hit.evidence] for hit in hits])


def _sha256(value: list[list[object]]) -> str:
    """Return the hash of the canonical JSON (RFC 8785 for whole numbers, texts and ASCII keys)."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
