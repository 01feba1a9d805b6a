"""The guard, as a browser meets it: cookies, forms from elsewhere, and where to go on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from dashboards.access.guard import safe_next
from dashboards.app import create_app
from dashboards.desks import desks_blueprint
from ledger import tables

if TYPE_CHECKING:
    from types import ModuleType

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.unit.dashboards.district import District
    from tests.unit.dashboards.sample import SampleReader

SIGN_IN = "/bureau/inloggen"


@pytest.fixture
def client(district: District, made_up: ModuleType, reader: SampleReader) -> FlaskClient:
    """A browser that has not signed in."""
    made_up.give_passwords(district)
    app = create_app(reader, blueprints=(desks_blueprint(district.installation, district.clock),))
    return app.test_client()


def token_in(response: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
    assert found is not None
    return found[1]


def enter(client: FlaskClient, made_up: ModuleType, who: str = "treasurer", **more: str) -> TestResponse:
    token = token_in(client.get(SIGN_IN))
    form = {"email": f"{who}@meer.example", "password": made_up.PASSWORD, "csrf_token": token, **more}
    return client.post(SIGN_IN, data=form)


def cookie(client: FlaskClient, name: str) -> str | None:
    found = client.get_cookie(name)
    return None if found is None else found.value


def test_signing_in_leads_to_the_desk(client: FlaskClient, made_up: ModuleType) -> None:
    """After the form comes a redirect, then the desk with the name."""
    response = enter(client, made_up)
    assert (response.status_code, response.headers["Location"]) == (303, "/bureau")
    page = client.get("/bureau")
    assert page.status_code == 200
    assert "Wiebe Kwikstaart" in page.text


def test_the_session_cookie_is_out_of_reach(client: FlaskClient, made_up: ModuleType) -> None:
    """Scripts cannot read it, other sites' forms do not bring it, and it goes everywhere here."""
    (header,) = [
        value for value in enter(client, made_up).headers.getlist("Set-Cookie") if value.startswith("buurtkas=")
    ]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Path=/" in header
    assert "Max-Age=43200" in header
    assert "Domain" not in header


def test_over_https_the_cookie_is_bound_to_the_host(client: FlaskClient, made_up: ModuleType) -> None:
    """Its name begins with __Host- and it never travels in the clear."""
    url = {"base_url": "https://localhost"}
    token = token_in(client.get(SIGN_IN, **url))
    form = {"email": "treasurer@meer.example", "password": made_up.PASSWORD, "csrf_token": token}
    response = client.post(SIGN_IN, data=form, **url)
    (header,) = [value for value in response.headers.getlist("Set-Cookie") if value.startswith("__Host-buurtkas=")]
    assert "Secure" in header
    assert client.get("/bureau", **url).status_code == 200


def test_a_planted_session_is_not_taken_over(client: FlaskClient, made_up: ModuleType) -> None:
    """Signing in makes a new token, whatever the browser brought; the old one opens nothing."""
    client.set_cookie("buurtkas", "planted")
    enter(client, made_up)
    fresh = cookie(client, "buurtkas")
    assert fresh not in {None, "planted"}
    client.set_cookie("buurtkas", "planted")
    assert client.get("/bureau").status_code == 303


def test_signing_in_again_gives_another_token(client: FlaskClient, made_up: ModuleType) -> None:
    """A token is never used for two sign-ins."""
    enter(client, made_up)
    first = cookie(client, "buurtkas")
    client.post("/bureau/uitloggen", data={"csrf_token": token_in(client.get("/bureau"))})
    enter(client, made_up)
    assert cookie(client, "buurtkas") not in {None, first}


def test_signing_out_forgets_the_session(client: FlaskClient, made_up: ModuleType, district: District) -> None:
    """The row and the cookie are gone, and the token opens nothing any more."""
    enter(client, made_up)
    token = cookie(client, "buurtkas")
    assert token is not None
    response = client.post("/bureau/uitloggen", data={"csrf_token": token_in(client.get("/bureau"))})
    assert response.status_code == 303
    assert district.rows(tables.web_session) == []
    client.set_cookie("buurtkas", token)
    assert client.get("/bureau").status_code == 303


def test_signing_out_is_a_form_of_its_own(client: FlaskClient, made_up: ModuleType) -> None:
    """A link cannot sign anybody out, nor a form without the token."""
    enter(client, made_up)
    assert client.get("/bureau/uitloggen").status_code == 405
    assert client.post("/bureau/uitloggen").status_code == 400
    assert client.get("/bureau").status_code == 200


@pytest.mark.parametrize("token", [None, "", "0" * 64])
def test_a_form_without_its_token_is_refused(client: FlaskClient, made_up: ModuleType, token: str | None) -> None:
    """Missing, empty and wrong tokens are refused before anything is looked at."""
    client.get(SIGN_IN)
    form = {"email": "treasurer@meer.example", "password": made_up.PASSWORD}
    response = client.post(SIGN_IN, data=form if token is None else {**form, "csrf_token": token})
    assert response.status_code == 400
    assert cookie(client, "buurtkas") is None


def test_another_visitors_token_is_refused(client: FlaskClient, made_up: ModuleType) -> None:
    """A token is worth nothing in another browser."""
    stolen = token_in(client.application.test_client().get(SIGN_IN))
    form = {"email": "treasurer@meer.example", "password": made_up.PASSWORD, "csrf_token": stolen}
    client.get(SIGN_IN)
    assert client.post(SIGN_IN, data=form).status_code == 400


def test_a_visitors_token_is_worth_nothing_after_signing_in(client: FlaskClient, made_up: ModuleType) -> None:
    """Forms of a session carry the session's own token."""
    before = token_in(client.get(SIGN_IN))
    enter(client, made_up)
    assert client.post("/bureau/uitloggen", data={"csrf_token": before}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://localhost.elsewhere.example"},
        {"Origin": "http://["},
        {"Origin": "localhost"},
    ],
)
def test_a_form_from_elsewhere_is_refused(client: FlaskClient, made_up: ModuleType, headers: dict[str, str]) -> None:
    """Even with the right token, what the browser says about its origin counts."""
    enter(client, made_up)
    token = token_in(client.get("/bureau"))
    assert client.post("/bureau/uitloggen", data={"csrf_token": token}, headers=headers).status_code == 400


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {"Origin": "null"}]
)
def test_a_form_from_here_passes(client: FlaskClient, made_up: ModuleType, headers: dict[str, str]) -> None:
    """Our own pages send no referrer, so that `Origin: null` may be our own form: the token decides."""
    enter(client, made_up)
    token = token_in(client.get("/bureau"))
    assert client.post("/bureau/uitloggen", data={"csrf_token": token}, headers=headers).status_code == 303


def test_who_is_not_signed_in_is_asked_to(client: FlaskClient) -> None:
    """A desk leads to the door, which remembers where to go on; a form does not."""
    response = client.get("/bureau/signalen")
    assert (response.status_code, response.headers["Location"]) == (303, f"{SIGN_IN}?next=/bureau/signalen")
    response = client.post("/bureau/uitloggen", headers={"Sec-Fetch-Site": "same-origin"})
    assert (response.status_code, response.headers["Location"]) == (303, SIGN_IN)


def test_signing_in_goes_on_where_one_wanted_to(client: FlaskClient, made_up: ModuleType) -> None:
    """The page that was asked for follows the door."""
    assert enter(client, made_up, next="/bureau/signalen").headers["Location"] == "/bureau/signalen"


@pytest.mark.parametrize(
    "path", ["https://elsewhere.example", "//elsewhere.example", "/bureau//x", "/bureau/../x", "/", "/bureau\n"]
)
def test_signing_in_never_leads_elsewhere(client: FlaskClient, made_up: ModuleType, path: str) -> None:
    """Only a desk of this site follows the door."""
    assert safe_next(path) is None
    assert enter(client, made_up, next=path).headers["Location"] == "/bureau"


def test_too_many_attempts_are_answered_in_words(client: FlaskClient, made_up: ModuleType) -> None:
    """After five wrong passwords the page says 429 and to wait; no address stands on it."""
    for _ in range(5):
        assert enter(client, made_up, password="verkeerd wachtwoord").status_code == 422
    response = enter(client, made_up)
    assert response.status_code == 429
    assert "treasurer@" not in response.text


def test_a_wrong_password_keeps_the_address_and_not_the_password(client: FlaskClient, made_up: ModuleType) -> None:
    """What was typed stays in the form, except the password."""
    response = enter(client, made_up, password="verkeerd wachtwoord")
    assert "treasurer@meer.example" in response.text
    assert "verkeerd" not in response.text


@pytest.mark.parametrize(
    "path", [SIGN_IN, "/bureau", "/bureau/signalen", "/bureau/meer/begunstigden", "/bureau/x/besluiten"]
)
def test_no_answer_of_a_desk_is_stored(client: FlaskClient, made_up: ModuleType, path: str) -> None:
    """Signed in or not, shown or refused: nothing stays in a cache."""
    assert client.get(path).headers["Cache-Control"] == "no-store"
    enter(client, made_up)
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_a_session_ends_by_itself(client: FlaskClient, made_up: ModuleType, district: District) -> None:
    """After twelve hours the desk leads to the door again."""
    enter(client, made_up)
    district.later(hours=12)
    assert client.get("/bureau").status_code == 303


def test_every_language_has_the_desks(client: FlaskClient, made_up: ModuleType) -> None:
    """In another language the door leads on in that language."""
    token = token_in(client.get(f"/en{SIGN_IN}"))
    form = {
        "email": "officer@meer.example",
        "password": made_up.PASSWORD,
        "csrf_token": token,
        "next": "/bureau/signalen",
    }
    assert client.post(f"/en{SIGN_IN}", data=form).headers["Location"] == "/en/bureau/signalen"
