"""The download against a server of our own on 127.0.0.1; no network is used."""

import http.server
import socket
import threading

import pytest

from awsd_geo.errors import InputError, RequestError
from awsd_geo.sources import download, downloading, fetching, read_incidents

CSV = b"Incident ID,Year,Country\n1,2020,Mali\n2,2021,Niger\n"
PAGE = b"<!DOCTYPE html><html><body>Please log in</body></html>"


class Server:
    """Answers one after the other: (status, body, headers); the last one for ever."""

    def __init__(self):
        self.answers = []
        self.asked = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                status, body, headers = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/incidents/search?format=csv"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def gives(self, *answers):
        self.answers = [
            (status, body, {"Content-Length": str(len(body))} | more)
            for status, body, *rest in answers
            for more in [rest[0] if rest else {}]
        ]
        return self.url


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture
def earlier(tmp_path):
    """A file of an earlier download, alone in its folder."""
    path = tmp_path / "incidents.csv"
    path.write_bytes(b"Incident ID,Year,Country\n7,2019,Mali\n")
    return path


def refusal(path, **options):
    """Fail to download, and see that the earlier file is whole and alone."""
    before = path.read_bytes()
    with pytest.raises(InputError) as caught:
        download(path, **({"pause": 0.0} | options))
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    return str(caught.value)


def test_a_good_answer_replaces_the_earlier_file(server, earlier):
    assert download(earlier, url=server.gives((200, CSV))) == earlier
    assert earlier.read_bytes() == CSV
    assert [file.name for file in earlier.parent.iterdir()] == ["incidents.csv"]


def test_into_a_folder_the_file_is_named_as_awsd_names_it_with_the_date(server, tmp_path):
    path = download(tmp_path, url=server.gives((200, CSV)))
    assert path.name.startswith("security_incidents_2")
    assert read_incidents(path).attrs["source"]["data_to_from"] == "file name"


@pytest.mark.parametrize("country", ["ML", "MLI", "Mali", "mali "])
def test_a_country_goes_into_the_address_as_its_two_letter_code(server, earlier, country):
    download(earlier, country=country, url=server.gives((200, CSV)))
    assert server.asked == ["/incidents/search?format=csv&country=ML"]


def test_an_unknown_country_and_another_kind_of_address_are_refused(earlier):
    with pytest.raises(RequestError, match="no country 'Atlantis'"):
        download(earlier, country="Atlantis")
    with pytest.raises(RequestError, match="not an address that begins with https:// or http://"):
        download(earlier, url="file:///etc/passwd")


def test_what_may_pass_is_tried_again_and_each_pause_is_twice_as_long(server, earlier, monkeypatch):
    pauses = []
    monkeypatch.setattr(fetching.time, "sleep", pauses.append)
    download(earlier, url=server.gives((503, b""), (429, b""), (200, CSV)), pause=2.0)
    assert (pauses, earlier.read_bytes()) == ([2.0, 4.0], CSV)


def test_a_server_that_stays_down_is_named_with_the_way_around(server, earlier):
    message = refusal(earlier, url=server.gives((503, b"")))
    assert message == (
        "Could not reach 127.0.0.1 (it answered 503; tried 3 times). Check the connection, or download the CSV in a "
        "browser from https://www.aidworkersecurity.org/incidents/search and pass the file."
    )
    assert len(server.asked) == 3


def test_a_refusal_is_not_tried_again(server, earlier):
    assert "127.0.0.1 refused the download (403 Forbidden). Download the CSV in a browser" in refusal(
        earlier, url=server.gives((403, b"no"))
    )
    assert len(server.asked) == 1


def test_offline_is_said_honestly(earlier, monkeypatch):
    def offline(*_, **__):
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", offline)
    monkeypatch.setenv("no_proxy", "*")
    message = refusal(earlier)
    assert message.startswith("Could not reach www.aidworkersecurity.org (")
    assert "Temporary failure in name resolution" in message
    assert (
        "download the CSV in a browser from https://www.aidworkersecurity.org/incidents/search and pass the file."
        in message
    )


def test_nobody_listening_and_a_server_that_says_nothing_are_offline_too(earlier, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/"
        assert "Connection refused" in refusal(earlier, url=url)
        mute.listen()
        assert "timed out" in refusal(earlier, url=url, timeout=0.1, attempts=1)


def test_a_web_page_instead_of_the_table_is_not_kept(server, earlier):
    message = refusal(earlier, url=server.gives((200, PAGE, {"Content-Type": "text/html"})))
    assert message.startswith("127.0.0.1 did not answer with an AWSD table: the answer is a web page (HTML) or XML")
    assert message.endswith("Nothing was written.")


@pytest.mark.parametrize("body", [b"", b"Incident ID,Year,Country\n", b"a,b\n1,2\n", CSV + b'3,2021,"Ni'])
def test_answers_that_are_no_whole_table_are_not_kept(server, earlier, body):
    assert "did not answer with an AWSD table" in refusal(earlier, url=server.gives((200, body)))


def test_an_answer_that_breaks_off_is_not_kept(server, earlier):
    message = refusal(earlier, url=server.gives((200, CSV, {"Content-Length": "1000"})))
    assert message.startswith("Could not reach 127.0.0.1 (")
    assert len(server.asked) == 3


def test_an_answer_too_large_is_not_kept(server, earlier, monkeypatch):
    monkeypatch.setattr(downloading, "LARGEST_ANSWER", 10)
    assert "sent more than" in refusal(earlier, url=server.gives((200, CSV)))


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"There is no folder .*absent to write a\.csv into\. Make it first\."):
        download(tmp_path / "absent" / "a.csv")


def test_a_redirect_away_from_the_web_is_not_followed(server, earlier):
    message = refusal(earlier, url=server.gives((302, b"", {"Location": "file:///etc/passwd"})))
    assert "refused the download (302" in message
