"""Options of `infobip-voice mock` for where it runs: addresses, certificates, tokens, hosts."""

import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import asgi
from infobip_voice import VoiceClient

COMMAND = [sys.executable, "-m", "infobip_voice_cli", "mock"]
LAUNCH = {"messages": [{"scenarioId": "S", "record": True, "destinations": [{"to": "41793026727", "messageId": "M"}]}]}


@contextmanager
def running(*options: str) -> Iterator[dict[str, str]]:
    """Run a mock with these options, and give its first line."""
    with subprocess.Popen([*COMMAND, "--port", "0", *options], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate for 127.0.0.1, its key, both in one file, and the key with a passphrase."""
    folder = tmp_path_factory.mktemp("tls")
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2 -subj /CN=test -addext"
    files = ["-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run([*make.split(), "subjectAltName=IP:127.0.0.1", "-nodes", *files], cwd=folder, check=True)
    lock = "openssl ec -aes128 -passout pass:secret -in key.pem -out locked.pem"
    subprocess.run(lock.split(), cwd=folder, check=True)
    both = (folder / "key.pem").read_text() + (folder / "certificate.pem").read_text()
    (folder / "both.pem").write_text(both)
    return folder


@pytest.mark.parametrize(
    "files", [("--certfile", "certificate.pem", "--keyfile", "key.pem"), ("--certfile", "both.pem")]
)
def test_https(certificate, files):
    """The SDK launches and fetches over TLS, faults reset connections, and refusals arrive."""
    options = [str(certificate / word) if word.endswith(".pem") else word for word in files]
    context = ssl.create_default_context(cafile=str(certificate / "certificate.pem"))
    with running(*options) as ready:
        assert ready["base_url"].startswith("https://127.0.0.1:")
        assert ready["control_url"] == ready["base_url"] + "/_mock/"
        settings = {"base_url": ready["base_url"], "username": "Aladdin", "password": "open sesame", "verify": context}
        with VoiceClient(**settings) as client:
            client.ivr.launch(scenario_id="S", to=["41793026727"])
            assert [report.to for report in client.reports.fetch()] == ["41793026727"]
        address = urlsplit(ready["base_url"])
        connection = HTTPSConnection(address.hostname, address.port, timeout=20, context=context)
        connection.request("GET", "/tts/3/reports", headers={"x-long": "x" * 100_000})
        assert connection.getresponse().status == 431
        connection.close()
        connection.request("POST", "/_mock/tenants/Aladdin/faults", '{"kind":"reset-before-effect"}', FIELDS)
        assert connection.getresponse().read()
        connection.request("POST", "/voice/ivr/1/messages", json.dumps(LAUNCH), FIELDS)
        with pytest.raises(ConnectionError):
            connection.getresponse()
        connection.close()


FIELDS = {"content-type": "application/json", "authorization": asgi.BASIC}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--keyfile", "key.pem"], "--keyfile needs --certfile"),
        (["--certfile", "nowhere.pem"], "No such file"),
        (["--certfile", "certificate.pem"], "are of no use for HTTPS"),
        (["--certfile", "key.pem"], "are of no use for HTTPS"),
        (["--certfile", "certificate.pem", "--keyfile", "locked.pem"], "are of no use for HTTPS"),
        (["--control-token", ""], "an empty one would admit everyone"),
        (["--control-token", "two words"], "one word"),
        (["--base-url", "voice.example"], "http(s)://host"),
        (["--base-url", "http://user@voice.example"], "http(s)://host"),
        (["--base-url", "http://voice.example?x"], "http(s)://host"),
        (["--base-url", "http://voice.example:0"], "http(s)://host"),
        (["--base-url", "http://voice.example:99999"], "http(s)://host"),
        (["--allow-push-host", "http://voice.example"], "without a scheme and a port"),
        (["--allow-push-host", "voice.example:80"], "without a scheme and a port"),
    ],
)
def test_options_that_cannot_be(certificate, options, reason):
    """The command says what is wrong in one sentence, and does not start."""
    done = subprocess.run(
        [*COMMAND, "--port", "0", *options], cwd=certificate, capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("option", "begins"), [("https://voice.example/mock/", "https://voice.example/mock"), (None, "http://127.0.0.1:")]
)
def test_the_urls_of_recordings(option, begins):
    """They begin with `--base-url`, or with the address of the mock."""
    with running(*(["--base-url", option] if option else [])) as ready:
        address = urlsplit(ready["base_url"])
        connection = HTTPConnection(address.hostname, address.port, timeout=20)
        connection.request("POST", "/voice/ivr/1/messages", json.dumps(LAUNCH), FIELDS)
        assert connection.getresponse().read()
        connection.request("GET", "/tts/3/reports", headers=FIELDS)
        [report] = json.loads(connection.getresponse().read())["results"]
        connection.close()
        assert report["recordedAudioFileUrl"].startswith(begins)
        assert report["recordedAudioFileUrl"].endswith("/tts/3/files/M/41793026727")


def test_hosts_for_pushes_in_any_case(new_mock):
    """`--allow-push-host` and the URL of a launch mean the same host in any letters."""
    pushed = []

    class Poster:
        async def post(self, url, headers, body):
            pushed.append(url)
            return 200

    mock = new_mock(clock="manual", poster=Poster(), push_hosts=["Receiver.Example", "2001:DB8::7"])
    for url in ("http://receiver.example/", "http://RECEIVER.example:81/", "http://[2001:db8::7]/"):
        mock.ivr("41793026727", notifyUrl=url)
    mock.ivr("41793026727", notifyUrl="http://elsewhere.example/")
    mock.run()
    assert sorted(pushed) == ["http://RECEIVER.example:81/", "http://[2001:db8::7]/", "http://receiver.example/"]
