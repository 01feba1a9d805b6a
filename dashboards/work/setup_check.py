"""Whether the tables of a setup file fit together, before anything is made.

Everything wrong is refused with the line of its table.

Source: DESIGN "Setup file".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.work.setup_file import Row
    from dashboards.work.setup_file import Setup

ROLE_ABOUT = {"treasurer": ("foundation",), "signatory": ("foundation",), "owner": ("initiative", "foundation")}
"""What a role is about; the district's own roles are about the district."""

TAKEN = frozenset({"afschrift", "inloggen", "signalen", "uitloggen"})


def check_setup(setup: Setup) -> None:
    """Refuse a file that refers to what is not there, says a thing twice, or whose sums do not fit.

    Raises:
        SetupRefused: Names the line.
    """
    emails = _unique(setup, "person", "email")
    rounds = _unique(setup, "round", "slug")
    foundations = _unique(setup, "foundation", "slug")
    _check_slugs(foundations)
    grants = _unique(setup, "grant", "reference")
    initiatives = _unique(setup, "initiative", "slug")
    _check_accounts(setup)
    references = {
        "role": {"person": emails, "foundation": foundations, "initiative": initiatives},
        "foundation": {"viewers": emails},
        "grant": {"round": rounds, "foundation": foundations},
        "initiative": {"foundation": foundations, "grants": grants},
        "payee": {"foundation": foundations, "approved_by": emails},
        "decision": {
            "foundation": foundations, "initiative": initiatives, "proposed_by": emails, "approved_by": emails,
        },
        "declaration": {"foundation": foundations},
    }  # fmt: skip
    for table, columns in references.items():
        for row in setup.of(table):
            for name, known in columns.items():
                _check_reference(row, name, known)
    for check in (_check_roles, _check_days, _check_two_people, _check_foundations, _check_decisions, _check_sums):
        check(setup)


def _check_slugs(foundations: Mapping[str, Row]) -> None:
    """Refuse slugs that are addresses of the desks already."""
    for slug in TAKEN & foundations.keys():
        raise foundations[slug].refuse(f"slug {slug!r} is an address of the desks; choose another")


def _unique(setup: Setup, table: str, name: str) -> dict[str, Row]:
    """Return the rows of a table by their name, refusing a name that stands twice."""
    found: dict[str, Row] = {}
    for row in setup.of(table):
        if row[name] in found:
            raise row.refuse(f"{name} {row[name]!r} stands twice")
        found[row[name]] = row
    return found


def _check_reference(row: Row, name: str, known: Mapping[str, Row]) -> None:
    """Refuse a reference to what the file does not declare."""
    values = row[name] if isinstance(row[name], tuple) else (row[name],)
    for value in values:
        if value is not None and value not in known:
            raise row.refuse(f"{name} {value!r} is not declared in this file")


def _check_accounts(setup: Setup) -> None:
    """Refuse an account that is declared twice: a bank's file must lead to one foundation."""
    seen: set[str] = set()
    for row in setup.of("foundation"):
        for number in row["accounts"]:
            if number in seen:
                raise row.refuse("one of its accounts is declared twice")
            seen.add(number)


def _check_roles(setup: Setup) -> None:
    """Refuse roles without whatever they are about."""
    for row in setup.of("role"):
        about = ROLE_ABOUT.get(row["role"], ())
        if about and all(row[name] is None for name in about):
            raise row.refuse(f"the role {row['role']} needs the key {' or '.join(about)}")


def _check_days(setup: Setup) -> None:
    """Refuse periods that end before they begin."""
    for row in (*setup.of("grant"), *setup.of("decision")):
        if row["ends"] < row["starts"]:
            raise row.refuse("ends lies before starts")


def _check_two_people(setup: Setup) -> None:
    """Refuse approvals by fewer than two different people."""
    for row in setup.of("payee"):
        if len(set(row["approved_by"])) != 2:  # noqa: PLR2004 - two people
            raise row.refuse("approved_by needs two different people")
    for row in setup.of("decision"):
        if row["proposed_by"] == row["approved_by"]:
            raise row.refuse("proposed_by and approved_by are two different people")


def _check_foundations(setup: Setup) -> None:
    """Refuse initiatives on another foundation's grants, and decisions about another foundation's initiatives."""
    grants = {row["reference"]: row["foundation"] for row in setup.of("grant")}
    payers = {row["slug"]: row["foundation"] for row in setup.of("initiative")}
    for row in setup.of("initiative"):
        for reference in row["grants"]:
            if grants[reference] != row["foundation"]:
                raise row.refuse(f"grant {reference!r} belongs to another foundation")
    for row in setup.of("decision"):
        if row["initiative"] and payers[row["initiative"]] != row["foundation"]:
            raise row.refuse(f"initiative {row['initiative']!r} is paid by another foundation")


def _check_decisions(setup: Setup) -> None:
    """Refuse decisions about payees or categories that are not there."""
    payees: set[tuple[str, str]] = set()
    for row in setup.of("payee"):
        if (row["foundation"], row["name"]) in payees:
            raise row.refuse(f"payee {row['name']!r} stands twice for this foundation")
        payees.add((row["foundation"], row["name"]))
    budgets = {row["slug"]: row["budget"] for row in setup.of("initiative")}
    for row in setup.of("decision"):
        if row["payee"] and (row["foundation"], row["payee"]) not in payees:
            raise row.refuse(f"payee {row['payee']!r} is not declared for this foundation")
        if row["category"] and row["category"] not in budgets.get(row["initiative"], {}):
            raise row.refuse(f"category {row['category']!r} is not in the initiative's budget")


def _check_sums(setup: Setup) -> None:
    """Refuse grants above their round, and budgets above their grants."""
    grants = {row["reference"]: row for row in setup.of("grant")}
    for row in setup.of("round"):
        if sum(grant["amount"] for grant in grants.values() if grant["round"] == row["slug"]) > row["amount"]:
            raise row.refuse("its grants together are more than the round")
    for row in grants.values():
        own = [initiative for initiative in setup.of("initiative") if row["reference"] in initiative["grants"]]
        alone = [initiative for initiative in own if len(initiative["grants"]) == 1]
        if sum(sum(initiative["budget"].values()) for initiative in alone) > row["amount"]:
            raise row.refuse("the budgets of its initiatives together are more than the grant")
