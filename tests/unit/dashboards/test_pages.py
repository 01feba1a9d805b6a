"""Every page in both languages: sound HTML, the sum law, and nothing a strict policy would refuse."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any
from typing import get_args

import pytest
from lxml import html

from dashboards.pages import parts
from dashboards.pages import soon
from dashboards.pages.words import WORDS

if TYPE_CHECKING:
    from types import ModuleType

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.unit.dashboards.sample import SampleReader

LANGUAGES = ("nl", "en")
SELF_LABELLED = {"hidden", "submit", "button"}


def prefix(code: str) -> str:
    """Where a language lives."""
    return "" if code == "nl" else f"/{code}"


def every_path(sample: ModuleType) -> list[str]:
    """All sample pages, public ones and desks."""
    return [*sample.PUBLIC_PATHS, *(f"/sample/{name}" for name in sample.DESK_PAGES)]


def read(client: FlaskClient, path: str) -> html.HtmlElement:
    """Get a page as a tree."""
    response = client.get(path)
    assert response.mimetype == "text/html", path
    return html.document_fromstring(response.get_data(as_text=True))


def euros(text: str) -> int:
    """Read an English amount back as cents."""
    whole, _, cents = re.sub(r"[^0-9.-]", "", text).partition(".")
    sign = -1 if whole.startswith("-") else 1
    return int(whole) * 100 + sign * int(cents or 0)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_has_one_heading_a_language_and_a_direction(
    client: FlaskClient, sample: ModuleType, code: str
) -> None:
    """A page says what it is in one h1, and in which language and direction it is written."""
    for path in every_path(sample):
        page = read(client, prefix(code) + path)
        assert len(page.findall(".//h1")) == 1, path
        assert (page.get("lang"), page.get("dir")) == (code, "ltr"), path
        assert page.find(".//title").text_content().strip(), path
        assert len(page.findall(".//main")) == 1, path


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_page_needs_an_unsafe_policy(client: FlaskClient, sample: ModuleType, code: str) -> None:
    """No inline style, script or handler stands in any page, and nothing comes from elsewhere."""
    for path in every_path(sample):
        page = read(client, prefix(code) + path)
        assert page.xpath("//@style") == [], path
        assert page.xpath("//style") == [], path
        assert page.xpath("//script[not(@src)]") == [], path
        assert page.xpath("//@*[starts-with(name(), 'on')]") == [], path
        away = [url for url in page.xpath("//script/@src | //link/@href | //img/@src") if "//" in url]
        assert away == [], path


def test_headings_come_in_order(client: FlaskClient, sample: ModuleType) -> None:
    """No heading skips a level; an error summary may stand before the h1."""
    for path in every_path(sample):
        levels = [
            int(element.tag[1]) for element in read(client, path).xpath("//main//*[self::h1 or self::h2 or self::h3]")
        ]
        steps = itertools.pairwise(levels)
        assert all(after <= before + 1 for before, after in steps), (path, levels)


def test_every_field_has_a_label(client: FlaskClient, sample: ModuleType) -> None:
    """Whatever can be filled in is labelled, and described by something that is there."""
    for path in every_path(sample):
        page = read(client, path)
        labels = set(page.xpath("//label/@for"))
        for field in page.xpath("//input | //select | //textarea"):
            if field.get("type") not in SELF_LABELLED:
                assert field.get("id") in labels, (path, field.get("name"))
        for ids in page.xpath("//@aria-describedby | //@aria-labelledby"):
            assert all(page.xpath(f"//*[@id='{one}']") for one in ids.split()), (path, ids)


def test_ids_occur_once(client: FlaskClient, sample: ModuleType) -> None:
    """No id stands twice in a page."""
    for path in every_path(sample):
        ids = read(client, path).xpath("//@id")
        assert len(ids) == len(set(ids)), path


def test_every_form_that_posts_carries_its_token(client: FlaskClient, sample: ModuleType) -> None:
    """A form that changes something has a hidden token with a value."""
    for path in every_path(sample):
        for form in read(client, path).xpath("//form[@method='post']"):
            assert form.xpath(".//input[@type='hidden'][@name='csrf_token']/@value") == ["token"], path


def test_errors_link_to_their_fields(client: FlaskClient, sample: ModuleType) -> None:
    """Each line of an error summary leads to a field of the page."""
    seen = 0
    for path in every_path(sample):
        page = read(client, path)
        for target in page.xpath("//div[contains(@class, 'errors')]//a/@href"):
            assert page.xpath(f"//*[@id='{target[1:]}']"), (path, target)
            seen += 1
    assert seen >= 4


@pytest.mark.parametrize(
    "path", ["/en/", "/en/stichting/merelveld-samen", "/en/stichting/kade-zeven", "/en/initiatief/moestuin"]
)
def test_sums_on_a_page_add_up(client: FlaskClient, path: str) -> None:
    """Granted = explained + unexplained + left, in the figures as they are printed."""
    page = read(client, path)
    sums = {dd.get("data-sum", "granted"): euros(dd.text_content()) for dd in page.xpath("//dl[@class='legend']//dd")}
    left = sums["left"] if "left" in sums else -sums["over"]
    assert sums["granted"] == sums["explained"] + sums.get("unexplained", 0) + left
    assert sums.get("paid", sums["explained"]) == sums["explained"] + sums.get("unexplained", 0)


def test_amounts_and_names_stand_apart_from_the_text_around_them(client: FlaskClient, sample: ModuleType) -> None:
    """Every amount is inside a bdi."""
    for path in every_path(sample):
        for element in read(client, path).xpath("//*[contains(concat(' ', @class, ' '), ' money ')]"):
            assert element.tag == "bdi", path


def test_private_payee_is_never_named(client: FlaskClient) -> None:
    """A payment to a private person says so, and no more."""
    page = read(client, "/en/betaling/merelveld-samen/411")
    sentence = " ".join(page.find(".//h1").text_content().split())
    assert sentence == "On 2 March 2026 Stichting Merelveld Samen paid €4,800.00 to a private person."


@pytest.mark.parametrize(
    ("seq", "text"),
    [
        (412, "In order: the decision of 28 January 2026 covers this."),
        (411, "Being looked at"),
        (200, "In order: this payee was approved. Up to €250 nothing else is needed."),
        (3, "In order: the rules found nothing missing."),
        (3, "Of €80 it is not said yet what for."),
        (4, "In order: a person looked at it."),
        (5, "Not in order."),
        (5, "This is about the payment, not about a person."),
        (411, "No decision covers this payment."),
        (412, "Give number 412 of Stichting Merelveld Samen"),
    ],
)
def test_payment_has_a_plain_answer(client: FlaskClient, seq: int, text: str) -> None:
    """Above the facts of a payment stands in words how it is with it, and below where to ask."""
    page = read(client, f"/en/betaling/merelveld-samen/{seq}")
    assert text in " ".join(page.find(".//main").text_content().split())


def test_start_page_gives_two_answers(client: FlaskClient, sample: ModuleType, reader: Any) -> None:  # noqa: ANN401 -- loaded by path
    """Whether anything was changed and what is being looked at are two answers; a failure names its line."""
    card = " ".join(read(client, "/en/").xpath("//section[contains(@class, 'promise')]")[0].text_content().split())
    assert "Nothing was changed afterwards: 1,204 of 1,204 lines." in card
    assert "2 payments are being looked at. 1 payment was not in order." in card
    reader.home_page = sample.LONG_HOME
    assert "The first line that does not fit is number 812 of the log." in read(client, "/en/").text_content()


def test_payment_is_told_in_one_sentence(client: FlaskClient) -> None:
    """The page of a payment begins with who paid what to whom and when."""
    page = read(client, "/betaling/merelveld-samen/412")
    sentence = " ".join(page.find(".//h1").text_content().split())
    assert sentence == "Op 3 maart 2026 betaalde Stichting Merelveld Samen € 120,00 aan Bouwmarkt Zon."


@pytest.mark.parametrize(("home", "text"), [("EMPTY_HOME", "There are no initiatives yet."), ("LONG_HOME", "388")])
def test_empty_and_long_states_are_designed(
    client: FlaskClient,
    sample: ModuleType,
    reader: Any,  # noqa: ANN401 -- loaded by path
    home: str,
    text: str,
) -> None:
    """A start page with nothing says what will stand there; one with 400 initiatives folds most of them away."""
    reader.home_page = getattr(sample, home)
    page = read(client, "/en/")
    assert text in page.text_content()
    assert len(page.xpath("//li[@class='card']")) <= 12


@pytest.mark.parametrize(
    ("verdict", "text"), [("TAMPERED", "Something does not fit"), ("UNCHECKED", "No check has been made yet.")]
)
def test_verify_page_gives_one_big_answer(
    client: FlaskClient,
    sample: ModuleType,
    reader: Any,  # noqa: ANN401 -- loaded by path
    verdict: str,
    text: str,
) -> None:
    """The h1 of the verify page is the answer, good or bad."""
    reader.verify_page = getattr(sample, verdict)
    assert read(client, "/en/controleer").find(".//h1").text_content().strip() == text


def test_demonstration_says_that_it_is_one(client: FlaskClient, reader: Any) -> None:  # noqa: ANN401 -- loaded by path
    """A simulated installation says on every page that it is made up; a real one never does."""
    assert "made up" in read(client, "/en/").text_content()
    reader.simulated = False
    assert "made up" not in read(client, "/en/").text_content()


def test_chart_has_a_sentence_and_a_table(client: FlaskClient) -> None:
    """Each chart is a figure with a conclusion, and its data stands in a table that is open without scripts."""
    figures = read(client, "/initiatief/moestuin").xpath("//figure[@data-chart]")
    assert len(figures) == 2
    for figure in figures:
        assert figure.find("figcaption").text_content().strip().endswith(".")
        assert figure.xpath("details[@open]//table//th[@scope='col']")


def test_words_cover_every_code() -> None:
    """Every code that a value may hold has its word."""
    for alias, group in (
        (parts.PayeeKind, "payee"),
        (parts.ReceiptState, "receipt"),
        (parts.LookState, "look"),
        (soon.Rhythm, "rhythm"),
    ):
        assert set(get_args(alias)) - {"named"} == set(WORDS[group])


def test_language_links_lead_to_the_same_page(client: FlaskClient) -> None:
    """Each language links to this page with what was asked for, and marks itself."""
    page = read(client, "/en/betalingen?zoek=hout")
    links = {link.get("lang"): link for link in page.xpath("//nav[@class='languages']//a")}
    assert links["nl"].get("href") == "/betalingen?zoek=hout"
    assert links["en"].get("href") == "/en/betalingen?zoek=hout"
    assert links["en"].get("aria-current") == "true"


def test_links_stay_in_the_language(client: FlaskClient) -> None:
    """Pages link within their language; files are shared by all."""
    page = read(client, "/en/")
    assert page.xpath("//a[@class='brand']/@href") == ["/en/"]
    assert all(link.startswith("/static/") for link in page.xpath("//link[@rel='stylesheet']/@href"))


def test_every_template_is_rendered_by_a_sample(app: Flask, client: FlaskClient, sample: ModuleType) -> None:
    """No page template is left out of these tests."""
    for path in every_path(sample):
        client.get(path)
    assert app.jinja_env.cache is not None
    used = {key[1] for key in app.jinja_env.cache.keys()}  # noqa: SIM118 -- the cache is no plain dict
    assert set(app.jinja_env.list_templates(extensions=("html",))) - used == set()


def test_the_conclusion_begins_with_what_nobody_explained(
    reader: SampleReader, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where more is unexplained than went anywhere, the sentence above the picture says so; else it does not."""
    page = reader.foundation("merelveld-samen")
    assert page.widest is not None
    for unexplained, expected in ((page.widest.amount_minor + 1, True), (page.widest.amount_minor, False)):
        granted = page.sums.granted_minor + 10 * unexplained
        shown = replace(page, sums=replace(page.sums, granted_minor=granted, unexplained_minor=unexplained))
        monkeypatch.setattr(reader, "foundation", lambda _slug, value=shown: value)
        text = client.get("/en/stichting/merelveld-samen").get_data(as_text=True)
        assert ("After that most went to" in text) is expected


def test_a_foundation_says_when_its_initiatives_count_on_more_than_it_has(
    reader: SampleReader, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the budgets promise together is set beside what the foundation has left, where it is more."""
    page = reader.foundation("merelveld-samen")
    assert page.budgets_left_minor == sum(card.sums.left_minor for card in page.initiatives)
    left = page.budgets_left_minor
    for granted, expected in ((left - 1, True), (left, False)):
        sums = replace(page.sums, granted_minor=granted, explained_minor=0, unexplained_minor=0)
        shown = replace(page, sums=sums)
        monkeypatch.setattr(reader, "foundation", lambda _slug, value=shown: value)
        text = client.get("/en/stichting/merelveld-samen").get_data(as_text=True)
        assert ("By their budgets these initiatives together" in text) is expected
