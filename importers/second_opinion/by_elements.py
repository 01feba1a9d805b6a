"""CAMT by its elements alone: what stands under which name, whatever version it is.

Written here, since no reader was found that others keep and that reads every version right; but it shares no code with
the reader of `importers.camt`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from lxml import etree

from importers.second_opinion.other import OtherLine
from importers.second_opinion.other import OtherPart
from importers.second_opinion.other import OtherStatement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from lxml.etree import _Element

_STATEMENTS = {"Stmt", "Rpt", "Ntfctn"}


def read(data: bytes) -> tuple[OtherStatement, ...]:
    """Read a file."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(data, parser)
    return tuple(_statement(one) for one in root.iter() if _name(one) in _STATEMENTS)


def _name(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _below(element: _Element, *path: str) -> Iterator[_Element]:
    """Yield what stands under an element at a path of names, children by children."""
    if not path:
        yield element
        return
    for child in element:
        if _name(child) == "Pty" and path[0] != "Pty":
            yield from _below(child, *path)
        elif _name(child) == path[0]:
            yield from _below(child, *path[1:])


_REMITTANCE = (
    "RmtInf/Ustrd", "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/RfrdDocInf/Nb", "RmtInf/Strd/AddtlRmtInf"
)  # fmt: skip


def _texts(element: _Element, path: str) -> list[str]:
    return [text for one in _below(element, *path.split("/")) if (text := " ".join((one.text or "").split()))]


def _first(element: _Element, *paths: str) -> str | None:
    return next((texts[0] for path in paths if (texts := _texts(element, path))), None)


def _statement(element: _Element) -> OtherStatement:
    balances = {
        _first(balance, "Tp/CdOrPrtry/Cd"): _signed(balance)
        for balance in reversed(list(_below(element, "Bal")))
        if _first(balance, "CdtDbtInd")
    }
    made = _first(element, "CreDtTm")
    return OtherStatement(
        [_line(entry, made) for entry in _below(element, "Ntry")],
        balances.get("OPBD", balances.get("PRCD")),
        balances.get("CLBD"),
    )


def _signed(element: _Element) -> int:
    amount = int(Decimal(_first(element, "Amt") or "0") * 100)
    return -amount if _first(element, "CdtDbtInd") == "DBIT" else amount


def _line(entry: _Element, made: str | None) -> OtherLine:
    amount = _signed(entry)
    details = list(_below(entry, "NtryDtls", "TxDtls"))
    paid = (amount < 0) != (_first(entry, "RvslInd") in {"true", "1"})
    parts = [_part(detail, paid=paid) for detail in details]
    day = _first(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm") or made or ""
    said = _alike([asdict(part) for part in parts])
    evidence = {**_alike([part.evidence for part in parts]), "instant": day if "T" in day else None}
    more = _alike([_references(detail) for detail in details])
    return OtherLine(
        booked_on=dt.date.fromisoformat(day[:10]),
        amount_minor=amount,
        name=said.get("name"),
        iban=said.get("iban"),
        text=said.get("text") or _first(entry, "AddtlNtryInf"),
        bank_reference=_first(entry, "AcctSvcrRef") or more.get("bank"),
        end_to_end_id=said.get("end_to_end_id"),
        mandate=more.get("mandate"),
        creditor_id=more.get("creditor"),
        evidence={name: value for name, value in evidence.items() if value},
        parts=parts if len(parts) > 1 else (),
    )


def _alike(said: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what all details of an entry say alike."""
    return (
        {name: value for name, value in said[0].items() if all(one.get(name) == value for one in said)} if said else {}
    )


def _references(detail: _Element) -> dict[str, str | None]:
    return {
        "bank": _first(detail, "Refs/AcctSvcrRef"),
        "mandate": _first(detail, "Refs/MndtId"),
        "creditor": _first(detail, "RltdPties/Cdtr/Id/PrvtId/Othr/Id", "RltdPties/Cdtr/Id/OrgId/Othr/Id"),
    }


def _part(detail: _Element, *, paid: bool) -> OtherPart:
    usual, other = ("Cdtr", "Dbtr") if paid else ("Dbtr", "Cdtr")
    words = [text for path in _REMITTANCE for text in _texts(detail, path)]
    evidence = {
        "other_name": _first(detail, f"RltdPties/{other}/Nm"),
        "other_iban": _account(detail, other),
        "ultimate": _first(detail, f"RltdPties/Ultmt{usual}/Nm"),
        "agent": _first(detail, f"RltdPties/{usual}/Agt/FinInstnId/Nm"),
    }
    return OtherPart(
        name=_first(detail, f"RltdPties/{usual}/Nm"),
        iban=_account(detail, usual),
        text=" ".join(words) or _first(detail, "AddtlTxInf"),
        end_to_end_id=_first(detail, "Refs/EndToEndId"),
        evidence={name: value for name, value in evidence.items() if value},
    )


def _account(detail: _Element, party: str) -> str | None:
    return _first(detail, f"RltdPties/{party}Acct/Id/IBAN", f"RltdPties/{party}Acct/Id/Othr/Id")
