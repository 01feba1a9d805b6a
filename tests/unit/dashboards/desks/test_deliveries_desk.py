"""What a bank delivered and was refused, as a treasurer meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.work.deliveries import RefusedDelivery
from dashboards.work.deliveries import keep_refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.dashboards.desks.conftest import Browser
    from tests.unit.dashboards.district import District

KEY = "a" * 64
PAGE = "/en/bureau/leveringen"


def test_a_refused_delivery_waits_until_it_is_seen(browse: Callable[[str], Browser], district: District) -> None:
    """My desk leads to it; the page says why in words, and where to bring the file instead."""
    refusal = RefusedDelivery(KEY, "00000000000000aa", "<b>.xml", "malformed_file", "line 7", district.now)
    keep_refusal(district.installation, refusal)
    browser = browse("treasurer")
    assert "delivery that was not booked" in browser.get("/en/bureau")
    page = browser.get(PAGE)
    assert "Line 7 of this file cannot be read." in page
    assert "/bureau/meer/afschrift" in page
    assert browser.client.get(PAGE).text.count("&lt;b&gt;.xml") == 2
    assert browser.post(f"/bureau/leveringen/{KEY}/gezien").endswith("/bureau/leveringen")
    assert "Everything that was delivered is booked." in browser.get(PAGE)
    assert "delivery that was not booked" not in browser.get("/en/bureau")


def test_what_nobody_can_place_waits_for_an_officer(browse: Callable[[str], Browser], district: District) -> None:
    """And for no treasurer."""
    keep_refusal(district.installation, RefusedDelivery(KEY, None, "x.xml", "unknown_format", None, district.now))
    assert "Nobody can tell whose this is" in browse("officer").get(PAGE)
    browser = browse("treasurer")
    assert "x.xml" not in browser.get(PAGE)
    browser.post(f"/bureau/leveringen/{KEY}/gezien", 403)
