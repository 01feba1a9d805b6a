"""What ABN AMRO's description says, in blocks or in slash codes.

Blocks are 32 characters wide, two to a line of 65: a block that is full runs on in the
next one. A label stands at the beginning of a block only. Before the payer's words the
first of each label counts, after them an unbroken run at the end in the bank's order,
so that a payer cannot forge one. A payment by card names the shop in its second block.

Source: ABN AMRO, files from 2012 to 2024; MT940, field 86 of the same bank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from importers.figures import tidy
from importers.mt940_details import details_of
from importers.remarks import NO_FIELDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.profiles.profile import Labels
    from importers.remarks import Remark

_BLOCK = 32
_LINE = 65
_CARD = ",PAS"
_SAID_BY_CODES = ("name", "iban", "end_to_end_id", "mandate", "creditor_id")


def parse_folded(written: str, labels: Labels) -> Remark:
    """Take a description apart.

    Args:
        written: The description as the bank wrote it, with all its spaces.
        labels: The bank's labels.

    Returns:
        The payer's words and the fields by name; the kind of payment is `type_code`.
    """
    if written.startswith("/"):
        return _from_codes(written)
    blocks = _blocks(written)
    if blocks and blocks[0].split(",")[0].split(" ")[0] in labels.cards:
        return _from_card(blocks)
    return _from_pieces(_pieces(blocks, labels), labels)


def _blocks(written: str) -> list[str]:
    """Return the blocks, with the spaces that end them."""
    found = []
    for start in range(0, len(written), _LINE):
        line = written[start : start + _LINE]
        found += [line[:_BLOCK], line[_BLOCK + 1 :]]
    while found and not found[-1].strip():
        found.pop()
    return found


def _from_codes(written: str) -> Remark:
    details = details_of([tidy(written) or ""])
    said = {name: getattr(details, name) for name in _SAID_BY_CODES}
    said["type_code"] = details.kind
    return details.text or "", {name: value for name, value in said.items() if value}


def _from_card(blocks: Sequence[str]) -> Remark:
    kind = blocks[0].split("  ")[0].strip()
    shop, mark, _ = blocks[1].rpartition(_CARD) if len(blocks) > 1 else ("", "", "")
    fields = {"type_code": kind, "name": tidy(shop) or ""} if mark else {"type_code": kind}
    return " ".join(blocks), fields


def _pieces(blocks: Sequence[str], labels: Labels) -> list[tuple[str, str]]:
    """Return labels and what follows each; what comes before the first has none."""
    names = {name for name, _ in (*labels.leading, *labels.trailing)} | {*labels.introducing}
    pieces = [("", "")]
    for block in blocks:
        name, colon, value = block.partition(":")
        if colon and name in names and value[:1] in {" ", ""}:
            pieces.append((name, value))
        else:
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + block)
    return pieces


def _from_pieces(pieces: list[tuple[str, str]], labels: Labels) -> Remark:
    if len(pieces) == 1:
        return pieces[0][1], NO_FIELDS
    words = next((place for place, (name, _) in enumerate(pieces) if name in labels.introducing), len(pieces))
    fields = _leading(pieces[:words], labels)
    after = _trailing(pieces, words, fields, labels)
    text = "".join(
        value if place == words else f"{name}:{value}"
        for place, (name, value) in enumerate(pieces)
        if words <= place < after
    )
    return text, {name: value for name, value in fields.items() if value}


def _leading(pieces: list[tuple[str, str]], labels: Labels) -> dict[str, str]:
    """Return what stands before the payer's words; without any words, also what else the bank adds."""
    names = {**dict(labels.trailing), **dict(labels.leading)}
    fields = {"type_code": tidy(pieces[0][1]) or ""}
    for name, value in pieces[1:]:
        fields.setdefault(names[name], tidy(value) or "")
    return fields


def _trailing(pieces: list[tuple[str, str]], words: int, fields: dict[str, str], labels: Labels) -> int:
    """Add what stands after the payer's words to the fields, and return where it begins."""
    ranks = {name: rank for rank, (name, _) in enumerate(labels.trailing)}
    names = dict(labels.trailing)
    limit, begin = len(ranks), len(pieces)
    for place in range(len(pieces) - 1, words, -1):
        name, value = pieces[place]
        if ranks.get(name, limit) >= limit or names[name] in fields:
            break
        fields[names[name]] = tidy(value) or ""
        limit, begin = ranks[name], place
    return begin
