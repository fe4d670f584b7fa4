"""What is no AWSD file is refused in one sentence that names it, says what is wrong, and what to do."""

import io
import zipfile

import pytest

from awsd_geo.errors import InputError
from awsd_geo.sources import opening, read_incidents

ADVICE = (
    "Give the CSV file that https://www.aidworkersecurity.org/incidents/search or the Humanitarian Data Exchange "
    "offers."
)


def refusal(source, **options):
    with pytest.raises(InputError) as caught:
        read_incidents(source, **options)
    return str(caught.value)


def saved(tmp_path, content, name="a.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_no_such_file(tmp_path):
    path = tmp_path / "absent.csv"
    assert refusal(path) == f"There is no file {path}. Check the path and its spelling."


def test_a_folder(tmp_path):
    assert refusal(tmp_path).endswith("is a folder, not a file. Name the CSV or XLSX file in it.")


def test_a_web_address():
    assert refusal("https://example.org/a.csv") == (
        "https://example.org/a.csv is a web address, not a file. Fetch it first with `awsd-geo download`."
    )


def test_a_path_that_cannot_be():
    assert "null character" in refusal("a\0b.csv")
    assert "is empty or holds" in refusal("")
    assert "cannot be read" in refusal("x" * 5000) or "no file" in refusal("x" * 5000)


def test_something_that_holds_no_bytes():
    assert refusal(42) == "Cannot read incidents from a int. Give a path, bytes or an open file."


@pytest.mark.parametrize("content", [b"", b" \r\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file(tmp_path, content):
    message = refusal(saved(tmp_path, content))
    assert message in (
        f"a.csv is empty. {ADVICE}",
        f"a.csv is not a CSV table: it has no first row of column names. {ADVICE}",
    )


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\n<!DOCTYPE html><html></html>", "a web page (HTML) or XML"),
        (b"\xef\xbb\xbf<html></html>", "a web page (HTML) or XML"),
        (b'[{"incident_id": 1}]', "JSON"),
        (b'{"a": 1}', "JSON"),
        (b"Incident ID,Year\x00\x01", "binary"),
    ],
)
def test_other_kinds_of_file_are_named_for_what_they_are(tmp_path, content, what):
    assert refusal(saved(tmp_path, content)) == f"a.csv is {what}, not a CSV table. {ADVICE}"


def test_missing_columns_are_named_with_what_was_found(tmp_path):
    message = refusal(saved(tmp_path, b"name,Year,when\na,2020,b\n"))
    assert message == f"a.csv lacks the columns Incident ID, Country; its first row has name, Year, when. {ADVICE}"


def test_a_long_or_hostile_header_is_shown_short_and_printable(tmp_path):
    header = ",".join(["\x1b[31mred", "x" * 100, *[f"c{number}" for number in range(20)]])
    message = refusal(saved(tmp_path, f"{header}\n1,2\n".encode()))
    assert "?[31mred, " + "x" * 27 + "..." in message
    assert "and 14 more" in message


def test_a_column_that_occurs_twice(tmp_path):
    message = refusal(saved(tmp_path, b"Incident ID,Year,Country,year\n1,2020,Mali,2021\n"))
    assert message == "a.csv has two columns for year. Take one of them out, so that it is clear which counts."


@pytest.mark.parametrize("below", [b"", b"\n", b"\n#event+id,#date+year,#country\n"])
def test_a_header_alone(tmp_path, below):
    message = refusal(saved(tmp_path, b"Incident ID,Year,Country" + below))
    assert message == f"a.csv has a header but no incident below it. {ADVICE}"


def test_a_file_cut_off_within_a_cell(tmp_path):
    message = refusal(saved(tmp_path, b'Incident ID,Year,Country\n1,2020,Mali\n2,2021,"Ma'))
    assert message == (
        "a.csv is cut off or damaged: a quotation mark opened in row 3 is never closed. Download it again."
    )


def test_a_row_of_thousands_of_cells(tmp_path):
    message = refusal(saved(tmp_path, b"Incident ID,Year,Country\n" + b"," * 5000 + b"\n"))
    assert message == f"a.csv has a row of 5,001 cells; no AWSD file has. {ADVICE}"
    message = refusal(saved(tmp_path, b"Incident ID,Year,Country" + b",a" * 5000 + b"\n"))
    assert message == f"a.csv has 5,003 columns in its first row; no AWSD file has. {ADVICE}"


def test_a_file_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "LARGEST_FILE", 2**20)
    message = f"a.csv is larger than 1 MiB, far more than the whole AWSD. {ADVICE}"
    assert refusal(saved(tmp_path, b"x" * (2**20 + 1))) == message
    assert refusal(b"x" * (2**20 + 1)).startswith("<bytes> is larger than 1 MiB")


def test_a_zip_that_is_no_workbook(tmp_path):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("incidents.csv", "Incident ID")
    assert refusal(saved(tmp_path, content.getvalue(), "a.zip")) == (
        "a.zip is an archive (incidents.csv), not an XLSX workbook. Unpack it and name the CSV in it."
    )


def test_utf16_that_is_none(tmp_path):
    assert refusal(saved(tmp_path, b"\xff\xfea")).startswith("a.csv is damaged: it says UTF-16 but is not.")
