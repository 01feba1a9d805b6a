"""What a machine is told: units, an image, settings and documents agree with the code."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from dashboards.cli import main

if TYPE_CHECKING:
    from pathlib import Path

NAME = re.compile(r"\bBUURTKAS_[A-Z_]+\b")
SANDBOX = {
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectControlGroups": "yes",
    "RestrictNamespaces": "yes",
    "RestrictSUIDSGID": "yes",
    "MemoryDenyWriteExecute": "yes",
    "SystemCallArchitectures": "native",
    "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6",
    "UMask": "0077",
}
MOST_EXPOSED = 20
"""In tenths, as systemd counts; 100 is no sandbox at all."""
ELSEWHERE = {"BUURTKAS_STATEMENTS", "BUURTKAS_REFERENCE"}
"""Names that only tests and benchmarks know."""


def unit(path: Path) -> dict[str, list[str]]:
    """Return the settings of a unit file."""
    found: dict[str, list[str]] = {}
    for line in path.read_text().splitlines():
        if "=" in line and not line.startswith(("#", "[")):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def services(root: Path) -> list[Path]:
    """Return the services."""
    return sorted((root / "deploy" / "systemd").glob("*.service"))


def known(text: str) -> set[str]:
    """Return the settings that a text names, without the ending for files."""
    return {name.removesuffix("_FILE") for name in NAME.findall(text)} - ELSEWHERE


def test_every_setting_stands_in_the_table_and_every_row_in_the_code(root: Path) -> None:
    """What a person reads about settings is what the code reads."""
    places = [
        path for folder in ("ledger", "importers", "audit", "dashboards") for path in (root / folder).rglob("*.py")
    ]
    places += [root / "wsgi.py", *(root / "deploy").rglob("*.*"), root / "deploy" / "Containerfile"]
    used = set().union(*(known(path.read_text()) for path in places if path.suffix != ".pyc" and path.is_file()))
    rows = re.findall(r"^\| `(BUURTKAS_[A-Z_]+)` \|", (root / "docs/settings.md").read_text(), re.MULTILINE)
    assert sorted(rows) == sorted(used)


def test_documents_name_no_setting_that_is_not_there(root: Path) -> None:
    """An operator who copies a name from a page finds that it works."""
    rows = set(re.findall(r"^\| `(BUURTKAS_[A-Z_]+)` \|", (root / "docs/settings.md").read_text(), re.MULTILINE))
    assert known((root / "docs/operate.md").read_text()) <= rows


def test_documents_and_units_name_commands_that_are_there(root: Path) -> None:
    """Every `buurtkas WORD` in a page for operators and in a unit is a command."""
    texts = [(root / "docs" / name).read_text() for name in ("operate.md", "settings.md")]
    texts += [path.read_text() for path in services(root)]
    words = {word for text in texts for word in re.findall(r"(?:bin/|`|^)buurtkas ([a-z]+)", text, re.MULTILINE)}
    assert {"init", "backup", "restore", "upgrade", "doctor", "daily", "signer", "verify"} <= words
    assert words <= main.commands.keys()


@pytest.mark.parametrize("name", ["web", "signer", "daily", "backup", "watch"])
def test_every_service_is_locked_in(root: Path, name: str) -> None:
    """It runs as a user of its own, and may write its own directory alone."""
    found = unit(root / "deploy" / "systemd" / f"buurtkas-{name}.service")
    assert {key: found[key][0] for key in SANDBOX} == SANDBOX
    assert found["SystemCallFilter"] == ["@system-service", "~@privileged @resources"]
    assert found["User"][0].startswith("buurtkas")
    assert found["IPAddressDeny"] == ["any"]


def test_every_timer_has_its_service(root: Path) -> None:
    """And makes up for a night that the machine slept through."""
    timers = sorted((root / "deploy" / "systemd").glob("*.timer"))
    assert [timer.stem for timer in timers] == ["buurtkas-backup", "buurtkas-daily"]
    for timer in timers:
        assert timer.with_suffix(".service").exists()
        assert unit(timer)["Persistent"] == ["yes"]


def test_the_watcher_may_write_the_folder_that_it_watches(root: Path) -> None:
    """The folder stands in two places of its unit, and in what an operator reads."""
    found = unit(root / "deploy" / "systemd" / "buurtkas-watch.service")
    (folder,) = found["ReadWritePaths"]
    assert f" watch {folder} " in found["ExecStart"][0]
    assert folder in (root / "docs/operate.md").read_text()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_finds_the_services_little_exposed(root: Path) -> None:
    """Its own judgement, without running anything."""
    command = ["systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", *map(str, services(root))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr


def test_the_image_installs_what_is_locked_and_runs_as_nobody_much(root: Path) -> None:
    """Hashes for every package, a user without rights, and nothing copied that is not there."""
    text = (root / "deploy" / "Containerfile").read_text()
    lines = [line.strip() for line in text.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    installs = [part for line in lines for part in line.split("&&") if "pip install" in part]
    assert all("--require-hashes" in part or "--no-deps" in part for part in installs)
    assert len(installs) == 3
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001"]
    allowed = (root / ".containerignore").read_text()
    for line in (line for line in lines if line.startswith("COPY") and "--from" not in line):
        for source in line.split()[1:-1]:
            assert (root / source).exists(), source
            assert f"!{source}\n" in allowed
    assert text.count("FROM docker.io/library/python:3.11-slim-bookworm") == 2
    assert not known(text) - known((root / "docs/settings.md").read_text())


def test_a_database_on_a_server_is_handed_over_as_a_credential(root: Path) -> None:
    """Its address holds a password, which no environment may show."""
    found = unit(root / "deploy" / "systemd" / "postgresql.conf")
    assert found["LoadCredential"] == ["database-url:/etc/buurtkas/database-url"]
    assert found["Environment"][0] == "BUURTKAS_DATABASE_URL_FILE=%d/database-url"
    assert "DATABASE_URL" not in (root / "deploy" / "environment.example").read_text()


@pytest.mark.parametrize("address", [("0.0.0.0", 8000), ("192.0.2.7", 80), ("::", 8000)])
def test_gunicorn_refuses_an_open_door_wherever_it_was_named(root: Path, address: tuple[str, int]) -> None:
    """Also where `--bind` or GUNICORN_CMD_ARGS names another address than the settings do."""
    start = runpy.run_path(str(root / "deploy/gunicorn.conf.py"))["on_starting"]
    start(SimpleNamespace(cfg=SimpleNamespace(address=[("127.0.0.1", 8000), "/run/buurtkas/web"])))
    with pytest.raises(SystemExit, match="2"):
        start(SimpleNamespace(cfg=SimpleNamespace(address=[("127.0.0.1", 8000), address])))
