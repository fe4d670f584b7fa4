"""Whatever is in the cells: either every row is accounted for, or the file is refused; nothing else escapes."""

import csv
import io
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from awsd_geo.errors import InputError
from awsd_geo.schema import INCIDENTS, check
from awsd_geo.sources import check_report, example, read_incidents

HEADER = ["Incident ID", *[column.source_name for column in INCIDENTS.columns if column.source_name]]
EDGES = [
    "",
    " ",
    "nan",
    "NA",
    "#",
    "#date+year",
    "Year",
    "Incident ID",
    "Country",
    "1",
    "2020",
    "2.0",
    "-1",
    "1e5",
    "0,42",
]
EDGES += [
    "11.9, 24.9",
    "24.9)",
    "9" * 30,
    "ML",
    "K",
    "Pen",
    "\xa0",
    "&amp;",
    "\ufeff",
    '"',
    "\r\n",
    "\u2028",
    "{{7*7}}",
    "=1+1",
]
cells = st.one_of(
    st.sampled_from(EDGES), st.text(max_size=8), st.integers(-5, 3000).map(str), st.floats(width=32).map(str)
)


def printable(error):
    """See that the message is one printable line."""
    assert str(error).isprintable()


def account(content):
    """Read; if it reads, every row must be there or set aside with a reason."""
    try:
        incidents = read_incidents(content)
    except InputError as error:
        return printable(error)
    check(incidents, INCIDENTS)
    source = incidents.attrs["source"]
    assert source["rows_read"] == len(incidents) + sum(entry["rows"] for entry in source["rows_set_aside"])
    assert check_report(incidents).summary()
    return incidents


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(cells, max_size=len(HEADER) + 2), max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_any_table_under_awsds_header_is_accounted_for(rows, delimiter, end, has_ids):
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, delimiter=delimiter, lineterminator=end)
    writer.writerow(HEADER)
    filled = [[number, *row[1:]] if has_ids else row for number, row in enumerate(rows, start=1)]
    writer.writerows(filled)
    incidents = account(lines.getvalue().encode("utf-8", "surrogatepass"))
    hxl = any(str(row[0]).startswith("#") for row in filled[:1] if row)
    if incidents is not None and not hxl:
        assert incidents.attrs["source"]["rows_read"] >= sum(any(row) for row in filled)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_read_or_are_refused(content):
    account(content)
    account(",".join(HEADER).encode() + b"\n" + content)


def test_a_damaged_file_reads_or_is_refused():
    lines = example().head(6).to_csv().encode()
    chance = random.Random(0)
    for _ in range(200):
        damaged = bytearray(lines)
        for _ in range(chance.randint(1, 12)):
            place = chance.randrange(len(damaged))
            match chance.randrange(3):
                case 0:
                    damaged[place] = chance.randrange(256)
                case 1:
                    del damaged[place : place + chance.randint(1, 40)]
                case _:
                    damaged[place:place] = chance.choice([b'"', b",", b"\n", b"\r", b"\xe9", b"\xc3", b"\x00", b"#"])
        account(bytes(damaged))
