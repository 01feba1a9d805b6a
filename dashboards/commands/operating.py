"""Commands of whoever keeps the machine: backup, restore, upgrade, doctor.

Their clock is the machine's, also where the books play theirs: a backup is made when it is made.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards.commands.frame import DOES_NOT_HOLD
from dashboards.commands.frame import clock_of
from dashboards.commands.frame import directory_option
from dashboards.commands.frame import json_option
from dashboards.commands.frame import machine_clock
from dashboards.commands.frame import open_installation
from dashboards.commands.frame import refusing
from dashboards.commands.frame import say
from dashboards.work.backup import make_backup
from dashboards.work.errors import UpgradeFailed
from dashboards.work.findings import FAILURE
from dashboards.work.safety import check_owner

if TYPE_CHECKING:
    from dashboards.work.backup import Made
    from dashboards.work.findings import Finding
    from dashboards.work.restoring import Restored

MEGABYTE = 1_000_000


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@directory_option
@json_option
@refusing
def backup(target: Path, directory: Path, *, as_json: bool) -> None:
    """Write everything but the signer's into the new file TARGET, or a new one in the folder TARGET."""
    now = machine_clock()
    path = target / f"buurtkas-{now:%Y%m%dT%H%M%SZ}.tar.gz" if target.is_dir() else target
    made = make_backup(open_installation(directory), path, now)
    document = {"path": str(made.path), "entries": made.size, "files": made.files, "bytes": made.length}
    say(document, as_json=as_json, text=_backed_up(made))


def _backed_up(made: Made) -> str:
    """Say what a backup holds."""
    size = f"{made.length / MEGABYTE:.1f} MB"
    return (
        f"{made.path}: {made.size} entries, {made.files} bank files and receipts, people and settings; {size}.\n"
        "It holds private values: keep it as safe as the machine. The signing key is not in it: keep that apart."
    )


@click.command()
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--checkpoint", metavar="PLACE", help="The newest checkpoint outside: a mirror's address, or a file.")
@click.option("--new-key", is_flag=True, help="Sign with a new key from here on; the book says so.")
@click.option("--accept-loss", "loss", metavar="REASON", help="Signed entries are lost; the book says so and why.")
@directory_option
@json_option
@refusing
def restore(
    source: Path, checkpoint: str | None, loss: str | None, directory: Path, *, new_key: bool, as_json: bool
) -> None:
    """Put the backup SOURCE back into a directory that holds nothing but, perhaps, the signer's."""
    from dashboards.work.restoring import Wish  # noqa: PLC0415 - pandas is slow to import; only here
    from dashboards.work.restoring import restore as put_back  # noqa: PLC0415 - same

    restored = put_back(source, directory, machine_clock(), Wish(checkpoint, new_key=new_key, loss=loss))
    document = {
        "made": restored.made,
        "entries": restored.size,
        "files": restored.files,
        "lost": restored.lost,
        "vkey": restored.vkey,
    }
    say(document, as_json=as_json, text=_restored(restored, directory))


def _restored(restored: Restored, directory: Path) -> str:
    """Say what was restored."""
    lost = f" {restored.lost} signed entries are lost; the book says so." if restored.lost else ""
    return (
        f"{directory} is what it was on {restored.made}: {restored.size} entries, {restored.files} files, "
        f"all of it verified.{lost}\nKey for verifiers: {restored.vkey}"
    )


@click.command()
@directory_option
@json_option
@refusing
def upgrade(directory: Path, *, as_json: bool) -> None:
    """Make a backup, bring the database to this version's shape, verify; or leave everything as it was."""
    from dashboards.work.upgrading import upgrade_installation  # noqa: PLC0415 - only this command migrates

    check_owner(directory)
    try:
        done = upgrade_installation(directory, machine_clock())
    except UpgradeFailed as error:
        click.echo(str(error), err=True)
        raise click.exceptions.Exit(DOES_NOT_HOLD) from error
    document = {"before": done.before, "after": done.after, "backup": str(done.backup)}
    told = f"Shape {done.before} became {done.after}" if done.before != done.after else f"Shape {done.after} stays"
    say(document, as_json=as_json, text=f"{told}; fences made again, everything verified. Backup: {done.backup}")


@click.command()
@directory_option
@json_option
@refusing
def doctor(directory: Path, *, as_json: bool) -> None:
    """Tell everything an operator wants to know: what is in order, what is not, and what to do."""
    from dashboards.work.doctor import examine  # noqa: PLC0415 - pandas is slow to import; only here

    findings = examine(directory, machine_clock(), clock_of)
    document = {"ok": all(finding.level != FAILURE for finding in findings), "findings": list(map(_one, findings))}
    say(document, as_json=as_json, text="\n".join(_line(finding) for finding in findings))
    if not document["ok"]:
        raise click.exceptions.Exit(DOES_NOT_HOLD)


def _one(finding: Finding) -> dict[str, str]:
    """Return a finding as JSON."""
    return {"level": finding.level, "about": finding.about, "what": finding.what, "do": finding.do}


def _line(finding: Finding) -> str:
    """Return a finding in one line."""
    advice = f"\n         {finding.do}" if finding.do else ""
    return f"{finding.level:8} {finding.about}: {finding.what}{advice}"
