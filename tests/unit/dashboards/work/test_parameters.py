"""Setting a rule's parameter: who may, what fits, and that the rules look again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

from audit.errors import ParameterRefused
from dashboards import errors
from dashboards.work.auditing import run_and_list
from dashboards.work.errors import FoundationUnknown
from dashboards.work.parameters import set_parameter
from tests.unit.dashboards.district import OTHER_IBAN

if TYPE_CHECKING:
    from tests.unit.dashboards.district import District


def sets(
    district: District,
    who: str = "officer",
    *,
    rule: str = "AMT-01",
    name: str = "from_minor",
    value: int = 20_000,
    slug: str | None = "meer",
    reason: str = "Kleine bedragen horen erbij.",
) -> None:
    """Set a parameter."""
    person = district.ids[who]
    set_parameter(district.installation, person, rule, name, value, slug=slug, reason=reason, now=district.now)


@pytest.mark.parametrize("slug", ["meer", None])
def test_the_rules_look_again_at_once(district: District, slug: str | None) -> None:
    """What was a hint is none by the new value; the entry and the run stand in the district's book, signed."""
    for _ in range(2):
        district.pay("Drukkerij Inktvlek", OTHER_IBAN, 12_345)
    (hint,) = (one for one in run_and_list(district.installation, None, district.now) if one["rule"] == "AMT-01")
    assert (hint["status"], hint["kind"], hint["foundation"]) == ("hint", "indicator", "meer")
    size = district.size()
    sets(district, slug=slug)
    assert district.types(size) == ["rule parameter set", "run"]
    assert district.installation.signer.size() == district.size()
    assert "AMT-01" not in {one["rule"] for one in run_and_list(district.installation, None, district.now)}


@pytest.mark.parametrize("who", ["treasurer", "signatory", "owner", "nobody", "tied"])
def test_only_an_officer_without_a_tie_may(district: District, who: str) -> None:
    """And nothing is written for others."""
    district.tie("tied", "00000000000000aa")
    size = district.size()
    with pytest.raises(errors.NotAllowed, match="role"):
        sets(district, who)
    assert district.size() == size


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ({"rule": "AMT-99"}, ParameterRefused, "no such rule"),
        ({"name": "weeks"}, ParameterRefused, "no parameter weeks"),
        ({"value": -1}, ParameterRefused, "whole number from 0"),
        ({"slug": "zee"}, FoundationUnknown, "no foundation 'zee'"),
        ({"reason": "  "}, errors.ReasonRefused, "Write the reason"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    district: District, wrong: dict[str, Any], error: type[Exception], words: str
) -> None:
    """Whole: nothing stands in the book."""
    size = district.size()
    with pytest.raises(error, match=words):
        sets(district, **wrong)
    assert district.size() == size
