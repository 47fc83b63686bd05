"""A workbook computed again by a program that knows nothing of us."""

import os
import subprocess
from pathlib import Path
from typing import Any

import openpyxl


def recomputed(content: bytes, folder: Path) -> Any:
    """The workbook with its stored values thrown away and every formula computed by LibreOffice."""
    source = folder / "stored.xlsx"
    source.write_bytes(content)
    bare = folder / "bare.xlsx"
    openpyxl.load_workbook(source).save(bare)  # openpyxl keeps formulas and drops what they came to
    out = folder / "out"
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx", "--outdir",
         str(out), str(bare)],
        check=True, capture_output=True, timeout=300, env={**os.environ, "HOME": str(folder)},
    )  # fmt: skip
    return openpyxl.load_workbook(out / "bare.xlsx", data_only=True)


def formulas(content: bytes, folder: Path) -> dict[tuple[str, str], tuple[str, Any]]:
    """By (sheet, cell): the formula and the value stored with it."""
    path = folder / "read.xlsx"
    path.write_bytes(content)
    written, stored = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): (cell.value, stored[sheet.title][cell.coordinate].value)
        for sheet in written.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.data_type == "f"
    }
