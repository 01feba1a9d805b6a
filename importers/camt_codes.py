"""What a CAMT entry's codes say: what kind of transaction it is, and whether it gives back an earlier one.

Source: ISO 20022 BankTransactionCodeStructure4, PaymentReturnReason, and the external code set
ExternalBankTransactionSubFamily1Code.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from importers.figures import tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.camt_tree import Leaves

RETURNS = frozenset({
    "RRTN",  # credit transfer given back by the payee's bank
    "RPCR",  # credit transfer given back because the payer's bank asked for it
    "RCDD",  # direct debit called back by the creditor
    "PRDD",  # direct debit reversed by the creditor
    "UPDD",  # direct debit returned or unpaid
    "UPCT",  # card payment unpaid
    "UPCQ",  # cheque unpaid
    "XPCQ",  # foreign cheque unpaid
    "CQRV",  # cheque reversed
    "ARET",  # clearing house's return
    "AREV",  # clearing house's reversal
})  # fmt: skip
_DOMAIN, _FAMILY, _SUB_FAMILY = "BkTxCd/Domn/Cd", "BkTxCd/Domn/Fmly/Cd", "BkTxCd/Domn/Fmly/SubFmlyCd"
_PROPRIETARY = "BkTxCd/Prtry/Cd"
_REASON, _OWN_REASON = "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"


def type_code(leaves: Leaves) -> str | None:
    """Return the bank transaction code: domain-family-subfamily, else the bank's own."""
    domain = leaves.get(_DOMAIN)
    if domain:
        return _joined(domain, leaves.get(_FAMILY), leaves.get(_SUB_FAMILY))
    return tidy(leaves.get(_PROPRIETARY))


@lru_cache(maxsize=1024)
def _joined(*codes: str | None) -> str:
    return "-".join(code for code in codes if code)


def gives_back(leaves: Leaves, details: Sequence[Leaves], *, reversal: bool) -> bool:
    """Tell whether the bank's own codes say that an entry returns, reverses or corrects an earlier payment.

    Args:
        leaves: The entry's.
        details: Those of its transactions; of a batch all must say so.
        reversal: The entry's reversal indicator.
    """
    if reversal or leaves.get(_SUB_FAMILY) in RETURNS:
        return True
    return bool(details) and _is_return(details[0]) and all(map(_is_return, details))


def _is_return(detail: Leaves) -> bool:
    return _REASON in detail or _OWN_REASON in detail or detail.get(_SUB_FAMILY) in RETURNS
