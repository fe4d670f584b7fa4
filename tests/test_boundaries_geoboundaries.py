"""geoBoundaries against a server of our own on 127.0.0.1; no network is used."""

import hashlib
import http.server
import json
import threading

import pytest

from awsd_geo import boundaries
from awsd_geo.boundaries import add, from_geoboundaries, geoboundaries, load_regions, own_frames
from awsd_geo.errors import InputError, RequestError

RING = [[37, -1], [38, -1], [38, 0], [37, 0], [37, -1]]
UNIT = {"shapeName": "Kitui", "shapeISO": "", "shapeID": "6B1", "shapeGroup": "KEN", "shapeType": "ADM1"}
FEATURE = {"type": "Feature", "properties": UNIT, "geometry": {"type": "Polygon", "coordinates": [RING]}}
FILE = json.dumps({"type": "FeatureCollection", "features": [FEATURE]}).encode()
ABOUT = {
    "boundaryID": "KEN-ADM1-1", "boundaryISO": "KEN", "boundaryType": "ADM1", "boundaryYearRepresented": "2019.0",
    "boundarySource": "IEBC", "boundaryLicense": "CC BY 4.0", "admUnitCount": "1",
}  # fmt: skip


class Server:
    """Answers by path: (status, body), or a list of them, the last one for ever."""

    def __init__(self):
        self.answers, self.asked = {}, []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                given = outer.answers.get(self.path, [(404, b"not here")])
                status, body = given.pop(0) if len(given) > 1 else given[0]
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def gives(self, about=(), file=FILE):
        described = ABOUT | {"gjDownloadURL": f"{self.url}/file.geojson"} | dict(about)
        self.answers["/gbOpen/KEN/ADM1/"] = [(200, json.dumps(described).encode())]
        self.answers["/file.geojson"] = file if isinstance(file, list) else [(200, file)]


@pytest.fixture
def server(monkeypatch, tmp_path):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("AWSD_GEO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("AWSD_GEO_DATA", str(tmp_path / "data"))
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


def get(server, **options):
    return from_geoboundaries("Kenya", url=server.url, pause=0.0, **options)


def test_a_set_is_fetched_with_its_licence_and_source_in_the_notice(server):
    server.gives()
    regions = get(server)
    assert regions.index.tolist() == ["KEN-2019-6B1"]
    assert regions["name"].tolist() == ["Kitui"]
    assert regions["shape_id"].tolist() == ["6B1"]
    assert (
        "geoBoundaries gbOpen KEN-ADM1-1 (2019.0), www.geoboundaries.org; licence: CC BY 4.0; source: IEBC."
        in (regions.attrs["notice"])
    )
    add(regions)
    kept = load_regions("KEN", vintage="2019")
    assert kept.attrs["notice"] == regions.attrs["notice"]
    assert kept.attrs["notice_short"].startswith("Boundaries: geoBoundaries gbOpen KEN-ADM1-1")


def test_what_may_pass_is_tried_again(server):
    server.gives(file=[(503, b""), (200, FILE)])
    assert len(get(server)) == 1
    assert server.asked == ["/gbOpen/KEN/ADM1/", "/file.geojson", "/file.geojson"]


def test_a_second_time_the_file_comes_from_the_cache_if_it_is_whole(server, tmp_path):
    server.gives()
    get(server)
    get(server)
    assert server.asked.count("/file.geojson") == 1
    (cached,) = (tmp_path / "cache").rglob("*.geojson")
    cached.write_bytes(cached.read_bytes()[:-5])
    assert len(get(server)) == 1
    assert server.asked.count("/file.geojson") == 2


def test_without_a_cache_nothing_is_kept(server, monkeypatch, tmp_path):
    monkeypatch.setenv("AWSD_GEO_CACHE", "off")
    server.gives()
    assert len(get(server)) == 1
    assert list(tmp_path.iterdir()) == []


def test_offline_is_said_with_the_way_around(monkeypatch, tmp_path):
    import socket

    def offline(*_, **__):
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", offline)
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(InputError) as caught:
        from_geoboundaries("KEN", pause=0.0)
    assert str(caught.value) == (
        "Could not reach www.geoboundaries.org ([Errno -3] Temporary failure in name resolution; tried 3 times). Check "
        "the connection, or download the file in a browser from https://www.geoboundaries.org and give it to `awsd-geo "
        "boundaries add`."
    )


def test_a_level_that_there_is_not_is_a_request_error(server):
    with pytest.raises(RequestError, match=r"geoBoundaries has no level 4 of Kenya in gbOpen\. Try another level\."):
        get(server, level=4)
    with pytest.raises(RequestError, match=r"There is no release 'gb' of geoBoundaries. Choose gbOpen, gbHumanitarian"):
        get(server, release="gb")
    with pytest.raises(RequestError, match="Atlantis"):
        from_geoboundaries("Atlantis", url=server.url)


@pytest.mark.parametrize(
    ("about", "file", "message"),
    [
        ({"boundaryISO": "TZA"}, FILE, "geoBoundaries described another set"),
        ({"admUnitCount": "47"}, FILE, "geoBoundaries said 47 units and sent 1. Nothing was kept."),
        ({"gjDownloadURL": "file:///etc/passwd"}, FILE, "geoBoundaries did not answer as it used to"),
        ({}, b"<html>Sign in</html>", "is XML or a web page"),
        ({}, FILE.replace(b"KEN", b"TZA"), "has TZA in the column shapeGroup, so it is not of Kenya"),
        ({}, b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 9\n", "sent a pointer"),
    ],
)
def test_what_is_not_as_described_is_refused_and_not_kept(server, tmp_path, about, file, message):
    server.gives(about, file)
    with pytest.raises(InputError, match=message):
        get(server)
    assert own_frames().empty
    assert list(tmp_path.rglob("*.geojson")) == []


def test_a_pointer_is_followed_and_its_checksum_and_size_are_kept_to(server, monkeypatch):
    asked = []
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n"

    digest, told = hashlib.sha256(FILE).hexdigest(), []

    def answers(address, **_):
        asked.append(address)
        return pointer.format(*told).encode() if "media" not in address else FILE

    monkeypatch.setattr(geoboundaries, "fetch", answers)
    told[:] = digest, len(FILE)
    source = "https://github.com/wmgeolab/geoBoundaries/raw/9469f09/releaseData/gbOpen/KEN/ADM1/x.geojson"
    assert geoboundaries._content(source, 0.0) == FILE
    assert asked[1] == (
        "https://media.githubusercontent.com/media/wmgeolab/geoBoundaries/9469f09/releaseData/gbOpen/KEN/ADM1/x.geojson"
    )
    for told[:] in (("0" * 64, len(FILE)), (digest, 5)):
        with pytest.raises(InputError, match="is not the one described"):
            geoboundaries._content(source, 0.0)


def test_the_command_shows_the_licence_and_adds(server, monkeypatch, tmp_path):
    from functools import partial

    from typer.testing import CliRunner

    from awsd_geo.cli import app

    server.gives()
    monkeypatch.setattr(boundaries, "from_geoboundaries", partial(from_geoboundaries, url=server.url))
    ended = CliRunner().invoke(app, ["boundaries", "download", "--country", "KEN", "--vintage", "2019-gb"])
    assert (ended.exit_code, ended.exception) == (0, None)
    assert "licence: CC BY 4.0; source: IEBC" in ended.stdout
    assert "1 unit of KEN, level 1, frame of 2019-gb." in ended.stdout
    assert own_frames()["vintage"].tolist() == ["2019-gb"]
