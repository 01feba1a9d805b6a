"""`buurtkas`: every command in one group."""

from __future__ import annotations

import gc

import click

from dashboards.commands.bank import import_
from dashboards.commands.bank import parse
from dashboards.commands.day import daily
from dashboards.commands.operating import backup
from dashboards.commands.operating import doctor
from dashboards.commands.operating import restore
from dashboards.commands.operating import upgrade
from dashboards.commands.record import audit
from dashboards.commands.record import checkpoint
from dashboards.commands.record import export
from dashboards.commands.record import parameter
from dashboards.commands.record import rebuild
from dashboards.commands.record import verify
from dashboards.commands.running import demo
from dashboards.commands.running import init
from dashboards.commands.running import password
from dashboards.commands.running import serve
from dashboards.commands.running import signer
from dashboards.commands.watch import watch

COMMANDS = (
    init,
    password,
    demo,
    serve,
    signer,
    parse,
    import_,
    watch,
    audit,
    parameter,
    daily,
    verify,
    checkpoint,
    export,
    rebuild,
    backup,
    restore,
    upgrade,
    doctor,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="buurtkas")
def main() -> None:
    """Buurtkas: a public spending ledger for neighbourhood budgets."""
    gc.freeze()  # what was loaded stays; the collector need not look through it again and again


for command in COMMANDS:
    main.add_command(command)
