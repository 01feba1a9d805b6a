"""Files that hold files: their members are changed as well as the bytes around them.

Source: PKWARE APPNOTE 6.3.10.
"""

from __future__ import annotations

import io
import zipfile
from typing import TypeAlias

Members: TypeAlias = dict[str, bytes]

_DAY = (2025, 4, 1, 6, 0, 0)


def packed(members: Members) -> bytes:
    """Return a ZIP of some files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return target.getvalue()


def unpacked(data: bytes) -> Members:
    """Return the files in a ZIP."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist() if not info.filename.endswith("/")}


def inside(data: bytes) -> bytes:
    """Return what the files in a ZIP say, one after the other; of a workbook what its sheets say."""
    members = unpacked(data)
    is_workbook = any(name.startswith("xl/") for name in members)
    return b"".join(part for name, part in members.items() if not is_workbook or name.startswith("xl/worksheets/"))
