"""Commands about the record: verify, checkpoint, export, rebuild, audit."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards.commands.frame import DOES_NOT_HOLD
from dashboards.commands.frame import clock_of
from dashboards.commands.frame import directory_option
from dashboards.commands.frame import instant_of
from dashboards.commands.frame import json_option
from dashboards.commands.frame import now_option
from dashboards.commands.frame import open_installation
from dashboards.commands.frame import refusing
from dashboards.commands.frame import say
from dashboards.work.errors import PersonUnknown
from dashboards.work.people import person_by_email
from dashboards.work.safety import check_owner
from ledger.installation import SETTINGS
from ledger.installation import Installation
from ledger.publish import publish
from ledger.record import PublishedRecord
from ledger.verify import verify as verify_record

if TYPE_CHECKING:
    import datetime as dt

    from ledger.verify import Problem
    from ledger.verify import Report


@click.command()
@click.argument("where", required=False)
@click.option("--times", is_flag=True, help="Say on standard error how long each part took.")
@directory_option
@json_option
@refusing
def verify(where: str | None, directory: Path, *, times: bool, as_json: bool) -> None:
    """Check an installation, an export or a running site: WHERE is a directory or an address."""
    parts = _Parts()
    report = _report(where or str(directory), parts)
    if times:
        click.echo(parts.told(), err=True)
    say(_verified(report), as_json=as_json, text=_told(report))
    if not report.ok:
        raise click.exceptions.Exit(DOES_NOT_HOLD)


class _Parts:
    """How long each part of a check took."""

    def __init__(self) -> None:
        self._begun: list[tuple[str, float]] = []  # float: seconds

    def begin(self, part: str) -> None:
        """Note that a part begins."""
        self._begun.append((part, time.perf_counter()))

    def told(self) -> str:
        """Return a line for each part."""
        ends = [at for _, at in self._begun[1:]] + [time.perf_counter()]
        return "\n".join(f"{end - at:8.2f} s  {part}" for (part, at), end in zip(self._begun, ends, strict=True))


def _report(where: str, parts: _Parts) -> Report:
    """Verify whatever is there."""
    if where.startswith(("http://", "https://")) or not (Path(where) / SETTINGS).exists():
        parts.begin("record")
        return verify_record(PublishedRecord(where))
    from dashboards.work.verification import run_verification  # noqa: PLC0415 - the published record needs no database

    check_owner(Path(where))
    installation = Installation(Path(where), fenced=False)  # a missing fence is a finding, not a refusal
    return run_verification(installation, clock_of(installation)(), parts.begin)


def _verified(report: Report) -> dict[str, object]:
    """Return a report as DESIGN gives it, the first bad entry first."""
    checkpoint = report.checkpoint
    first = report.first
    rest = [problem for problem in report.problems if problem is not first]
    return {
        "ok": report.ok,
        "entries": report.entries,
        "books": report.books,
        "checkpoint": {"size": checkpoint.size, "root": checkpoint.root.hex()} if checkpoint else None,
        "unsigned": report.unsigned,
        "not_understood": report.not_understood,
        "problems": [_problem(problem) for problem in ([first, *rest] if first else [])],
    }


def _problem(problem: Problem) -> dict[str, object]:
    """Return one problem as DESIGN gives it."""
    return {"book": problem.book, "seq": problem.seq, "index": problem.index, "what": problem.what}


def _told(report: Report) -> str:
    """Return a report in words."""
    if report.first is None:
        signed = f", {report.unsigned} not signed yet" if report.unsigned else ""
        return f"Everything holds: {report.entries} entries in {report.books} books{signed}."
    first = report.first
    place = f"Entry {first.index} of the log ({first.book} {first.seq}): " if first.index is not None else ""
    return f"NOT in order. {place}{first.what}\n{len(report.problems)} problems in all."


@click.command()
@directory_option
@refusing
def checkpoint(directory: Path) -> None:
    """Sign what is not signed yet, and print the checkpoint."""
    installation = open_installation(directory)
    click.echo(publish(installation).checkpoint, nl=False)


@click.command()
@directory_option
@refusing
def rebuild(directory: Path) -> None:
    """Make every view again from the entries."""
    from ledger.rebuild import rebuild as make_again  # noqa: PLC0415 - the command has the same name

    click.echo(f"{make_again(open_installation(directory).store)} entries replayed.")


@click.command()
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
@directory_option
@refusing
def export(target: Path, directory: Path) -> None:
    """Write the whole public record into the directory TARGET."""
    from ledger.publish import export_record  # noqa: PLC0415 - only this command publishes

    export_record(open_installation(directory), target)
    click.echo(f"Written to {target}. Check it with: buurtkas verify {target}")


@click.command()
@click.option("--foundation", "slug", help="Only this foundation.")
@click.option(
    "--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="Facts dated up to this day; appends nothing."
)
@directory_option
@now_option
@json_option
@refusing
def audit(slug: str | None, as_of: dt.datetime | None, directory: Path, instant: str | None, *, as_json: bool) -> None:
    """Run the rules and print the open flags, and the hints that wait for an officer."""
    from dashboards.work.auditing import HINT  # noqa: PLC0415 - pandas is slow to import; only here
    from dashboards.work.auditing import flags_as_of  # noqa: PLC0415 - same
    from dashboards.work.auditing import run_and_list  # noqa: PLC0415 - same

    installation = open_installation(directory)
    if as_of is not None:
        found = flags_as_of(installation, slug, as_of.date())
    else:
        found = run_and_list(installation, slug, instant_of(installation, instant))
    lines = [f"{flag['severity']:8} {flag['rule']} {flag['foundation']}: {flag['status']}" for flag in found]
    hints = sum(flag["status"] == HINT for flag in found)
    counted = f"{len(found) - hints} open flags, {hints} to look at as hints" if hints else f"{len(found)} open flags"
    say({"flags": found}, as_json=as_json, text="\n".join([*lines, counted]))


@click.command()
@click.argument("rule")
@click.argument("name")
@click.argument("value", type=int)
@click.option("--foundation", "slug", help="For this foundation alone; else for all.")
@click.option("--by", "email", metavar="E-MAIL", required=True, help="The officer who sets it.")
@click.option("--reason", required=True, help="Why; it stands in the book.")
@directory_option
@now_option
@refusing
def parameter(
    directory: Path,
    instant: str | None,
    *,
    rule: str,
    name: str,
    value: int,
    slug: str | None,
    email: str,
    reason: str,
) -> None:
    """Set the parameter NAME of RULE to VALUE, a whole number; money in hundredths.

    The rules look again at once. A NAME that the rule does not have is refused with those that it has.
    """
    from dashboards.work.parameters import set_parameter  # noqa: PLC0415 - pandas is slow to import; only here

    installation = open_installation(directory)
    with installation.store.reading() as connection:
        person = person_by_email(connection, email)
    if person is None:
        raise PersonUnknown
    now = instant_of(installation, instant)
    set_parameter(installation, person.id, rule, name, value, slug=slug, reason=reason, now=now)
    click.echo(f"{rule}: {name} is {value} from now on, for {slug or 'every foundation'}.")
