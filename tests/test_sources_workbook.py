"""Workbooks: sheets, typed cells, limits, damage."""

import io
import random
import zipfile

import openpyxl
import pytest

from awsd_geo.errors import InputError
from awsd_geo.sources import read_incidents, workbook

HEADER = ["Incident ID", "Year", "Month", "Country", "Region", "Total kidnapped", "Latitude", "Longitude"]
ROW = [1, 2020, 5.0, "Mali", "Gao ", "2", 16.25, -0.05]


def made(**sheets):
    """Make a workbook of rows by sheet name and give its bytes."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def refusal(content, **options):
    with pytest.raises(InputError) as caught:
        read_incidents(content, **options)
    return str(caught.value)


def test_the_sheet_with_awsds_columns_is_found_under_any_name():
    incidents = read_incidents(made(Notes=[["made for a test"]], Whatever=[HEADER, ROW]))
    assert incidents.attrs["source"]["container"] == "xlsx sheet Whatever"
    assert incidents.loc[1, ["year", "month", "region", "total_kidnapped"]].tolist() == [2020, 5, "Gao", 2]
    assert incidents.loc[1, ["latitude", "longitude"]].tolist() == [16.25, -0.05]


def test_a_sheet_can_be_named_or_numbered():
    content = made(One=[HEADER, ROW], Two=[HEADER, [2, *ROW[1:]]])
    assert read_incidents(content).index.tolist() == [1]
    assert read_incidents(content, sheet="Two").index.tolist() == [2]
    assert read_incidents(content, sheet=1).index.tolist() == [2]
    assert refusal(content, sheet="Three") == "<bytes> has no sheet 'Three'. It has: One, Two."
    assert refusal(content, sheet=-1) == "<bytes> has no sheet -1. It has: One, Two."


def test_hxl_blank_rows_and_columns_without_a_header_are_handled_as_in_a_csv():
    hxl = ["#event+id", "#date+year"]
    incidents = read_incidents(made(A=[[], HEADER, hxl, [*ROW, "", "note"], [None], ROW, [], []]))
    source = incidents.attrs["source"]
    assert (source["rows_read"], len(incidents)) == (3, 2)
    assert [(entry["why"], entry["rows"]) for entry in source["rows_set_aside"]] == [("wholly blank row", 1)]
    assert incidents["source_row"].tolist() == [3, 5]
    assert incidents["column_10"].tolist()[0] == "note"


def test_a_workbook_without_awsds_columns_says_where_it_looked():
    message = refusal(made(A=[["x"]], B=[["y"]]))
    assert "has no sheet whose first row names the columns country, incident id, year (looked in: A, B)." in message
    assert "lacks the columns Incident ID, Year, Country; its first row has x." in refusal(made(A=[["x"], ["1"]]))


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    content = io.BytesIO(made(A=[HEADER, ROW]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(50 * 2**20))
    assert "would unpack to 50 MiB" in refusal(content.getvalue())
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 1000)
    assert "refused as unsafe" in refusal(made(A=[HEADER, ROW]))


def test_a_sheet_that_claims_to_be_vast_is_read_as_it_is():
    with zipfile.ZipFile(io.BytesIO(made(A=[HEADER, ROW]))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    start = sheet.index(b'<dimension ref="') + len(b'<dimension ref="')
    members["xl/worksheets/sheet1.xml"] = sheet[:start] + b"A1:XFD1048576" + sheet[sheet.index(b'"', start) :]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    assert len(read_incidents(content.getvalue())) == 1


def test_locked_and_old_workbooks_are_named():
    assert "locked with a password, or in the old XLS form" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))


def test_a_cut_off_workbook_is_damaged():
    content = made(A=[HEADER, ROW])
    assert refusal(content[:-100]) == "<bytes> is a damaged or cut-off XLSX or zip file. Download it again."


def test_damaged_workbooks_never_raise_anything_else():
    content = made(A=[HEADER, ROW])
    chance = random.Random(0)
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 20)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            read_incidents(bytes(damaged))
        except InputError:
            continue


def test_damaged_sheets_never_raise_anything_else():
    with zipfile.ZipFile(io.BytesIO(made(A=[HEADER, ROW]))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(1)
    for _ in range(60):
        name = chance.choice(sorted(members))
        damaged = bytearray(members[name])
        for _ in range(chance.randint(1, 5)):
            damaged[chance.randrange(len(damaged))] = chance.choice(b'<>/"=& a0')
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for member, data in (members | {name: bytes(damaged)}).items():
                archive.writestr(member, data)
        try:
            read_incidents(content.getvalue())
        except InputError:
            continue
