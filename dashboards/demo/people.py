"""The people of the fictional district, and what they may do.

Nobody of that name lives anywhere: the family names are plants, insects and weather.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from typing import TypeAlias

RoleName: TypeAlias = Literal["treasurer", "signatory", "owner", "officer", "head"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account on the site. `foundation` is None for the district's people."""

    email: str
    name: str
    role: RoleName
    foundation: str | None = None


PEOPLE = (
    Person("gerdine@merelwoude.example", "Gerdine Kornoelje", "head"),
    Person("marijntje@merelwoude.example", "Marijntje Duindoorn", "officer"),
    Person("soufian@merelwoude.example", "Soufian Waterjuffer", "officer"),
    Person("wietske@ekster.example", "Wietske Pluimgras", "treasurer", "ekster"),
    Person("jorrit@ekster.example", "Jorrit Hommelaar", "signatory", "ekster"),
    Person("fadoua@ekster.example", "Fadoua Sterremuur", "signatory", "ekster"),
    Person("ilse@ekster.example", "Ilse Zonnedauw", "owner", "ekster"),
    Person("hanneke@melkput.example", "Hanneke Veenpluis", "treasurer", "melkput"),
    Person("alwin@melkput.example", "Alwin Lisdodde", "signatory", "melkput"),
    Person("aysel@melkput.example", "Aysel Vuurlibel", "signatory", "melkput"),
    Person("tobias@melkput.example", "Tobias Rietzanger", "owner", "melkput"),
    Person("cornelis@steunpunt.example", "Cornelis Dagpauwoog", "treasurer", "steunpunt"),
    Person("nadine@steunpunt.example", "Nadine Zilverschoon", "signatory", "steunpunt"),
    Person("emre@steunpunt.example", "Emre Regenwulp", "signatory", "steunpunt"),
    Person("lotje@steunpunt.example", "Lotje Speenkruid", "owner", "steunpunt"),
    Person("roosmarijn@stoepgroep.example", "Roosmarijn Wolfspoot", "treasurer", "stoepgroep"),
    Person("idris@stoepgroep.example", "Idris Motregen", "signatory", "stoepgroep"),
    Person("geesje@stoepgroep.example", "Geesje Ereprijs", "signatory", "stoepgroep"),
    Person("rutger@merelwoude.example", "Rutger Zandoogje", "treasurer", "merelwoude"),
    Person("noor@merelwoude.example", "Noor Hagelbui", "signatory", "merelwoude"),
    Person("bilal@merelwoude.example", "Bilal Kattenstaart", "signatory", "merelwoude"),
)

OFFICER, SECOND_OFFICER = "marijntje@merelwoude.example", "soufian@merelwoude.example"

HOUSEHOLDS = (
    ("ekster", "Douwe Pluimgras"),
    ("melkput", "Rosalie Lisdodde"),
    ("steunpunt", "Wim Dagpauwoog"),
    ("stoepgroep", "Tjeerd Wolfspoot"),
)


def treasurer(foundation: str) -> str:
    """Return the address of the foundation's treasurer."""
    return next(p.email for p in PEOPLE if p.foundation == foundation and p.role == "treasurer")


def signatories(foundation: str) -> tuple[str, ...]:
    """Return the addresses of the foundation's signatories."""
    return tuple(p.email for p in PEOPLE if p.foundation == foundation and p.role == "signatory")
