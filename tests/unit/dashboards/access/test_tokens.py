"""Form tokens: bound to one browser, made by this site alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboards.access import tokens

if TYPE_CHECKING:
    from tests.unit.dashboards.district import District


def test_a_form_token_belongs_to_one_browser(district: District) -> None:
    """The token of one cookie is not that of another."""
    token = tokens.form_token(district.installation, "one")
    assert tokens.right_form_token(district.installation, "one", token)
    assert not tokens.right_form_token(district.installation, "other", token)
    assert not tokens.right_form_token(district.installation, "one", "")
    assert not tokens.right_form_token(district.installation, "one", "é")


def test_a_visitor_token_is_made_here(district: District) -> None:
    """A token that somebody else planted is refused."""
    token = tokens.visitor_token(district.installation)
    assert tokens.right_visitor_token(district.installation, token)
    assert token != tokens.visitor_token(district.installation)


@pytest.mark.parametrize("token", ["", ".", "abc", "abc.", "abc." + "0" * 64, "é.é"])
def test_a_planted_visitor_token_is_refused(district: District, token: str) -> None:
    """Only this site's seal holds."""
    assert not tokens.right_visitor_token(district.installation, token)
