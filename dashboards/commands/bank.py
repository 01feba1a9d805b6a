"""Commands about bank files: parse and import."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import sqlalchemy as sa

from dashboards.commands.bar import progress_bar
from dashboards.commands.frame import COULD_NOT
from dashboards.commands.frame import DOES_NOT_HOLD
from dashboards.commands.frame import directory_option
from dashboards.commands.frame import instant_of
from dashboards.commands.frame import json_option
from dashboards.commands.frame import now_option
from dashboards.commands.frame import open_installation
from dashboards.commands.frame import refusing
from dashboards.commands.frame import say
from dashboards.commands.second_opinion import opinions_as_json
from dashboards.commands.second_opinion import opinions_in_words
from dashboards.work.errors import FoundationUnknown
from dashboards.work.errors import PersonUnknown
from dashboards.work.people import person_by_email
from importers.asdict import statements_as_text
from importers.planned import Repeated
from importers.reading import read
from importers.reconcile import all_problems
from importers.reconcile import decimal_text
from importers.second_opinion.errors import NoOpinion
from importers.second_opinion.opinion import second_opinion_on
from ledger import tables
from ledger.errors import BuurtkasError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.work.statements import Preview
    from dashboards.work.statements import StatementPreview
    from importers.statement import Statement
    from ledger.installation import Installation

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.command()
@FILES
@click.option(
    "--second-opinion", is_flag=True, help="Say instead where a reader that others wrote reads them otherwise."
)
@json_option
@refusing
def parse(files: tuple[Path, ...], *, second_opinion: bool, as_json: bool) -> None:
    """Say what bank FILES say; no database is touched."""
    read_files = [_read_file(path, as_json=as_json) for path in files]
    if second_opinion:
        _compare(list(zip(files, read_files, strict=True)), as_json=as_json)
        return
    statements = itertools.chain.from_iterable(read_files)
    if as_json:
        sys.stdout.writelines(statements_as_text(statements))
        click.echo()
    else:
        click.echo("\n".join(_described(statement) for statement in statements))


def _read_file(path: Path, *, as_json: bool) -> Sequence[Statement]:
    """Read one file, naming it where that fails."""
    try:
        with progress_bar(as_json=as_json) as progress:
            return read(path, progress=progress)
    except BuurtkasError as error:
        click.echo(f"{path}: {error}", err=True)
        raise click.exceptions.Exit(COULD_NOT) from error


def _compare(read_files: Sequence[tuple[Path, Sequence[Statement]]], *, as_json: bool) -> None:
    """Hold what was read against another reader's findings; exit 1 where a figure differs without a reason."""
    opinions = []
    for path, statements in read_files:
        try:
            opinions.append((path, second_opinion_on(path, statements)))
        except NoOpinion as error:
            click.echo(f"{path}: {error}", err=True)
            raise click.exceptions.Exit(COULD_NOT) from error
    say(opinions_as_json(opinions), as_json=as_json, text=opinions_in_words(opinions))
    if not all(opinion.agrees for _, opinion in opinions):
        raise click.exceptions.Exit(DOES_NOT_HOLD)


def _described(statement: Statement) -> str:
    """Return a statement in one line."""
    total = decimal_text(sum(line.amount_minor for line in statement.lines))
    account = statement.account or "an account that is not named"
    pending = f", {len(statement.pending)} pending" if statement.pending else ""
    problems = "".join(f"\n  {problem.text}" for problem in all_problems(statement))
    return f"{statement.format} {account}: {len(statement.lines)} lines, together {total}{pending}{problems}"


@click.command(name="import")
@FILES
@click.option("--foundation", "slug", help="Refuse accounts of any other foundation.")
@click.option("--accept", help="Why what does not fit is accepted; this is written into the book.")
@click.option(
    "--by", "email", metavar="E-MAIL", help="Who brings them; a second person confirms what the first brought."
)
@click.option(
    "--account", metavar="IBAN", help="The account that the files are about, where they name none themselves."
)
@click.option(
    "--repeated",
    type=click.Choice(list(Repeated)),
    help="Whether lines that look like payments in the book are the same or others, where no balance tells.",
)
@click.option("--dry-run", is_flag=True, help="Say what importing would do, and do nothing.")
@directory_option
@now_option
@json_option
@refusing
def import_(
    files: tuple[Path, ...],
    slug: str | None,
    accept: str | None,
    directory: Path,
    instant: str | None,
    *,
    email: str | None,
    account: str | None,
    repeated: Repeated | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Book the statements in bank FILES, each file whole or not at all."""
    from dashboards.work.statements import confirm  # noqa: PLC0415 - pandas is slow to import; only here
    from dashboards.work.statements import preview  # noqa: PLC0415 - same

    installation = open_installation(directory)
    foundation = _foundation(installation, slug)
    by = _bringer(installation, email)
    now = instant_of(installation, instant)
    number = "".join(account.split()).upper() if account else None
    shown, flags = [], 0
    for path in files:
        try:
            with progress_bar(as_json=as_json) as told:
                if dry_run:
                    shown.append(preview(installation, foundation, path, by, account=number, progress=told))
                    continue
                receipt = confirm(
                    installation,
                    foundation,
                    path,
                    by=by,
                    now=now,
                    accept=accept,
                    account=number,
                    repeated=repeated,
                    progress=told,
                )
                shown.append(receipt.preview)
                flags += receipt.flags
        except BuurtkasError as error:
            click.echo(f"{path}: {error}", err=True)
            if shown and not dry_run:
                click.echo(f"Booked before that: {', '.join(map(str, files[: len(shown)]))}.", err=True)
            raise click.exceptions.Exit(COULD_NOT) from error
    say(_imported(installation, shown, flags), as_json=as_json, text=_told(shown, flags, dry_run=dry_run))


def _foundation(installation: Installation, slug: str | None) -> str | None:
    """Return the id of a foundation by its slug."""
    if slug is None:
        return None
    table = tables.foundation
    with installation.store.reading() as connection:
        found = connection.execute(sa.select(table.c.id).where(table.c.slug == slug)).scalar()
    if found is None:
        raise FoundationUnknown(slug)
    return str(found)


def _bringer(installation: Installation, email: str | None) -> tuple[str, ...]:
    """Return the id of who brings the files; nobody where no address is given."""
    if email is None:
        return ()
    with installation.store.reading() as connection:
        person = person_by_email(connection, email)
    if person is None:
        raise PersonUnknown
    return (person.id,)


def _imported(installation: Installation, shown: list[Preview], flags: int) -> dict[str, object]:
    """Return what importing did, as DESIGN gives it."""
    checkpoint = installation.signer.newest()
    return {
        "statements": [_one(statement) for preview in shown for statement in preview.statements],
        "flags": flags,
        "checkpoint": {"size": checkpoint.size, "root": checkpoint.root.hex()} if checkpoint else None,
    }


def _one(statement: StatementPreview) -> dict[str, object]:
    """Return one statement's outcome."""
    return {
        "account": statement.account_iban,
        "new": statement.new,
        "known": statement.known,
        "problems": [problem.text for problem in statement.problems],
        "opening": _amount(statement.opening_minor),
        "closing": _amount(statement.closing_minor),
        "reconciled": statement.reconciled,
    }


def _amount(minor: int | None) -> str | None:
    """Return an amount as text."""
    return None if minor is None else decimal_text(minor)


def _told(shown: list[Preview], flags: int, *, dry_run: bool) -> str:
    """Return what importing did in words."""
    lines = []
    for preview in shown:
        for statement in preview.statements:
            would = "would be booked" if dry_run else "booked"
            told = "nothing new" if statement.nothing_new else f"{statement.new} lines {would}, {statement.known} known"
            lines.append(f"{statement.account_iban}: {told}")
            lines.extend(f"  {problem.text}" for problem in statement.problems)
        if preview.confirms:
            done = "would be confirmed" if dry_run else "confirmed"
            lines.append(f"{preview.confirms} statements that somebody else brought: {done}")
    if not dry_run:
        lines.append(f"{flags} new flags")
    return "\n".join(lines)
