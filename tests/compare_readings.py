"""What two checkouts of Buurtkas read out of the same bank files, and what they book of them: each thing that changed.

    python -m tests.compare_readings OTHER [FOLDER OR FILE ...]

OTHER is the other checkout, before; this one is after. Without folders the shared collection is compared
(BUURTKAS_STATEMENTS, else ../shared/statements). Each checkout reads and books in a process of its own, with its own
code. A reading is every field of every statement, line and pending line. A booking is a file imported into a fresh
installation that declares its account, and each pair of files of one account, one after the other and the
other way round: what the import said, the booked lines with their kinds, and the flags.

Prints `file | place | field | before | after` for each change, sorted, and how many there are of each field. What
changed of two files as it did of one of them alone is told once. Ends with 0 where nothing changed, 1 where something
did, 2 where it could not be compared.
"""

from __future__ import annotations

import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import fields
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence

Said = dict[str, str]
"""What one checkout says, by file, place and field with bars between them."""

MOST_FILES_OF_ONE_ACCOUNT = 6
"""Of more, only the first are paired: every pair takes a second."""

_HERE = Path(__file__).resolve().parents[1]
_NOW = "2027-06-01T12:00:00Z"
_BAR = " | "
_AND = " + "
_OF_NO_ACCOUNT = "NL13TEST0123456789"
_ID = re.compile(r"(?<=:)[0-9a-f]{16}")


def main(words: Sequence[str]) -> int:
    """Compare and print."""
    if not words or not (Path(words[0]) / "importers").is_dir():
        sys.stderr.write("Name the other checkout: python -m tests.compare_readings ../other [FOLDER ...]\n")
        return 2
    files = sorted(_files(words[1:]))
    if not files:
        sys.stderr.write("There are no bank files to compare. Name a folder, or set BUURTKAS_STATEMENTS.\n")
        return 2
    before, after = _both(Path(words[0]).resolve(), files)
    changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    told = {key: _BAR.join((before.get(key, "-"), after.get(key, "-"))) for key in changed}
    changed = [key for key in changed if not _is_said_of_one_file(key, told)]
    for key in changed:
        sys.stdout.write(f"{key}{_BAR}{told[key]}\n")
    counted = Counter(key.rpartition(_BAR)[2] for key in changed)
    sys.stdout.writelines(f"{count:6} {field}\n" for field, count in counted.most_common())
    sys.stdout.write(f"Compared: {len(files)} files, {len(before):,} things before, {len(changed):,} changes\n")
    return int(bool(changed))


def _is_said_of_one_file(key: str, told: Said) -> bool:
    """Tell whether a change of two files booked after each other is one of a file alone, and told there."""
    names, _, rest = key.partition(_BAR)
    return _AND in names and any(told.get(f"{name}{_BAR}{rest}") == told[key] for name in names.split(_AND))


def _files(named: Sequence[str]) -> Iterator[Path]:
    """Yield the files to compare, each once."""
    if named:
        for path in map(Path, named):
            yield from (one for one in ([path] if path.is_file() else path.rglob("*")) if one.is_file())
        return
    folder = Path(os.environ.get("BUURTKAS_STATEMENTS", _HERE / "../shared/statements"))
    if (folder / "INDEX.tsv").exists():
        with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as rows:
            yield from (folder / row["path"] for row in csv.DictReader(rows, delimiter="\t"))


def _both(other: Path, files: Sequence[Path]) -> tuple[Said, Said]:
    """Let both checkouts say what they read and book, side by side."""
    with tempfile.TemporaryDirectory() as name:
        listed = Path(name) / "files"
        listed.write_text("\n".join(str(file.resolve()) for file in files), encoding="utf-8")
        running = [_started(checkout, listed, Path(name) / number) for number, checkout in (("0", other), ("1", _HERE))]
        for process, _ in running:
            if process.wait():
                raise SystemExit(2)
        before, after = (json.loads(answer.read_text(encoding="utf-8")) for _, answer in running)
        return before, after


def _started(checkout: Path, listed: Path, answer: Path) -> tuple[subprocess.Popen[bytes], Path]:
    own = checkout / ".venv/bin/python"
    interpreter = str(own) if own.exists() else sys.executable
    command = [interpreter, "-W", "ignore", __file__, str(checkout), str(listed), str(answer)]
    return subprocess.Popen(command, cwd=checkout), answer


def one_checkout(listed: Path, answer: Path) -> None:
    """Read and book everything with the code that is imported here, and write down what came of it."""
    paths = [Path(line) for line in listed.read_text(encoding="utf-8").splitlines()]
    names = _names(paths)
    said: Said = {}
    accounts: dict[str, list[Path]] = {}
    for path in paths:
        for account in _read(path, names[path], said):
            accounts.setdefault(account, []).append(path)
    with tempfile.TemporaryDirectory() as place:
        for number, path in enumerate(paths):
            _book([path], names, Path(place) / f"one-{number}", said)
        for number, pair in enumerate(_pairs(accounts)):
            _book(pair, names, Path(place) / f"two-{number}", said)
    answer.write_text(json.dumps(said), encoding="utf-8")


def _names(paths: Sequence[Path]) -> dict[Path, str]:
    """Return what each file is called: as much of the end of its path as tells it from all others."""
    depth = 1
    while len({path.parts[-depth:] for path in paths}) < len(set(paths)):
        depth += 1
    return {path: "/".join(path.parts[-depth:]) for path in paths}


def _pairs(accounts: dict[str, list[Path]]) -> Iterator[list[Path]]:
    """Yield every two different files of one stated account in both orders."""
    for account, found in sorted(accounts.items()):
        if account == _OF_NO_ACCOUNT:
            continue
        different = {path.read_bytes(): path for path in reversed(found)}
        yield from map(list, permutations(sorted(different.values())[:MOST_FILES_OF_ONE_ACCOUNT], 2))


def _read(path: Path, name: str, said: Said) -> set[str]:
    """Read a file; return the accounts that it is about."""
    from importers.errors import UnreadableFile  # noqa: PLC0415 - of the checkout that is compared
    from importers.reading import read  # noqa: PLC0415 - same

    try:
        statements = read(path)
    except UnreadableFile as refusal:
        said[_BAR.join((name, "file", "refusal"))] = str(refusal)
        return set()
    except Exception as error:  # noqa: BLE001 - a leak is a finding, too
        said[_BAR.join((name, "file", "refusal"))] = f"leaked {type(error).__name__}"
        return set()
    for number, statement in enumerate(statements, start=1):
        _tell(said, name, f"statement {number:03d}", statement, leave=("lines", "pending"))
        for kind, lines in (("line", statement.lines), ("pending", statement.pending)):
            for line in lines:
                _tell(said, name, f"statement {number:03d} {kind} {line.position:05d}", line, leave=("position",))
    return {statement.account or _OF_NO_ACCOUNT for statement in statements}


def _tell(said: Said, name: str, place: str, value: Any, leave: Sequence[str]) -> None:  # noqa: ANN401 - any dataclass
    for field in fields(value):
        if field.name not in leave and (written := getattr(value, field.name)) not in (None, (), False):
            said[_BAR.join((name, place, field.name))] = str(written)


def _book(files: Sequence[Path], names: dict[Path, str], place: Path, said: Said) -> None:
    """Import files one after the other into an installation of their own, and tell what it holds then."""
    from unittest import mock  # noqa: PLC0415 - only a process that books needs it

    from click.testing import CliRunner  # noqa: PLC0415 - same

    from dashboards.cli import main as buurtkas  # noqa: PLC0415 - of the checkout that is compared

    accounts = sorted({account for path in files for account in _read(path, "", {})})
    if not accounts:
        return
    name = _AND.join(names[path] for path in files)
    setup = place.with_suffix(".toml")
    setup.write_text(
        '[district]\nname = "Proefstad"\norigin = "buurtkas.example/proef"\nclock = "simulated"\n[[foundation]]\n'
        f'slug = "meer"\nname = "Stichting Meer"\naccounts = {json.dumps(accounts)}\n',
        encoding="utf-8",
    )

    def run(*command: str) -> Any:  # noqa: ANN401 - click's own result
        return CliRunner().invoke(buurtkas, [*command, "--dir", str(place), "--now", _NOW])

    with mock.patch("stdnum.iban.is_valid", return_value=True):  # many collected files had their numbers blackened
        made = run("init", "--from", str(setup))
    if made.exit_code:
        said[_BAR.join((name, "booking", "init"))] = made.output.strip()
        return
    for number, path in enumerate(files, start=1):
        _import(path, f"import {number}", name, run, said)
    _tell_books(place, name, said)
    for flag in json.loads(run("audit", "--json").stdout)["flags"]:
        about = ", ".join(f"{one['booked_on']} {one['amount']}" for one in flag["transactions"])
        key = _BAR.join((name, f"flag {about or 'on nothing booked'}", flag["rule"]))
        said[key] = " and ".join(filter(None, (said.get(key), f"{flag['severity']} {flag['kind']}")))


def _import(path: Path, place: str, name: str, run: Callable[..., Any], said: Said) -> None:
    """Import a file; where it is refused, say so, and import it with a reason and an account."""
    for more in ([], ["--accept", "vergelijking"], ["--accept", "vergelijking", "--account", _OF_NO_ACCOUNT]):
        done = run("import", str(path), "--json", *more)
        if done.exit_code == 0:
            for number, statement in enumerate(json.loads(done.stdout)["statements"], start=1):
                for field in ("new", "known", "problems", "reconciled"):
                    said[_BAR.join((name, f"{place} statement {number:03d}", field))] = str(statement[field])
            return
        why = done.stderr if isinstance(done.exception, SystemExit) else f"leaked {type(done.exception).__name__}"
        refusal = why.strip().removeprefix(f"{path}: ")
        said[_BAR.join((name, f"{place} {' '.join(more[::2]) or 'plain'}", "refusal"))] = refusal


def _tell_books(place: Path, name: str, said: Said) -> None:
    """Tell every booked line: what the bank said, and what it was taken for."""
    query = (
        "SELECT booked_on, valued_on, amount_minor, currency, kind, corrects IS NOT NULL AS corrects, body "
        "FROM movement LEFT JOIN private_value USING (idx) ORDER BY booked_on, amount_minor, idx"
    )
    connection = sqlite3.connect(f"file:{place / 'ledger.sqlite3'}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    often: Counter[str] = Counter()
    for row in connection.execute(query):
        line = f"booked {row['booked_on']} {row['amount_minor']}"
        often[line] += 1
        for field, value in {**dict(row), **_values(row["body"])}.items():
            if field != "body" and value not in (None, 0, [], {}):
                written = _ID.sub("(id)", json.dumps(value, ensure_ascii=False, sort_keys=True))
                said[_BAR.join((name, f"{line} no. {often[line]}", field))] = written
    connection.close()


def _values(body: str | None) -> dict[str, object]:
    """Return the private values of an entry without their salts, references each by itself."""
    found = {field: one[1] for field, one in json.loads(body or "{}").items()}
    refs = found.pop("refs", None) or {}
    return {**found, **{f"refs {name}": value for name, value in refs.items()}}


if __name__ == "__main__":
    if len(sys.argv) == 4 and Path(sys.argv[2]).name == "files":  # as `_started` calls it
        sys.path[0] = sys.argv[1]
        one_checkout(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        sys.exit(main(sys.argv[1:]))
