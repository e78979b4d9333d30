"""Whatever goes wrong, the exit code is 2, one sentence says why, and no file has changed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress

import pytest

from infobip_voice_cli import fetching, folders, main, regenerate
from regenerate.conftest import GET, SETTINGS, Page, contract

LARGE = b'{"openapi": "3.1.1"}' + b" " * fetching.MAX_CONTRACT_BYTES
LEFT = "was left as it was"


def refused(found, *words: str) -> None:
    assert (found.code, found.out) == (2, ""), found
    assert found.err.count("infobip-voice: ") == 2
    assert found.err.endswith(f"{LEFT}\n")
    assert [word for word in words if word not in found.err] == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("http://example.com/orders.json", "http://example.com/orders.json is refused: only https is fetched"),
        ("ftp://example.com/orders.json", "only https is fetched"),
        ("http://127.0.0.1.example.com/orders.json", "only https is fetched"),
        ("https://Aladdin:sesame@example.com/orders.json", "credentials do not belong in the address"),
        ("https://example.com:port/orders.json", "cannot be fetched"),
        ("https:///orders.json", "only https is fetched"),
    ],
    ids=["http", "another-scheme", "looks-like-this-machine", "credentials", "no-port", "no-host"],
)
def test_an_address_is_refused_before_anything_is_sent(repository, monkeypatch, source, words):
    """Only https, and http from this machine; what is secret in an address is not repeated."""
    monkeypatch.setattr(fetching.threading, "Thread", Inline)
    monkeypatch.setattr("httpx.Client", lambda **_: pytest.fail("it was asked"))
    found = repository.run(source=source)
    refused(found, words)
    assert "sesame" not in found.err


class Inline:
    """A thread that runs at once, in this one, so that what fails in it fails the test."""

    def __init__(self, target, daemon):
        self.start = target

    def join(self, seconds): ...


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page(status=404), "answered 404 instead of 200"),
        (Page(status=204), "answered 204 instead of 200"),
        (Page(LARGE), "is larger than 4194304 bytes"),
        (Page(contract(), length=False), "does not say how long its answer is"),
        (Page(b"<html>Sign in</html>"), "the contract does not describe an API"),
        (Page(b"a: [1"), "can be read neither as YAML nor as JSON"),
        (Page(b"\xff\xfe"), "can be read neither as YAML nor as JSON"),
        (Page(b"a: 1\na: 2"), "can be read neither as YAML nor as JSON"),
        (Page(b"[" * 100_000), "can be read neither as YAML nor as JSON"),
        (Page(b"a: &a [*a]"), "can be read neither as YAML nor as JSON"),
        (Page(b"\n".join(b"a%d: &a%d [%s]" % (n, n, b",".join([b"*a%d" % (n - 1)] * 10) if n else b"1") for n in range(9))),
         "it has too many values"),
        (Page(b'{"swagger": "2.0", "paths": {}}'), "the contract does not describe an API"),
        (Page(b'{"openapi": "3.1.1", "info": {}, "paths": {}}'), "the contract has no `info.version`"),
    ],
    ids=["missing", "empty", "large", "no-length", "a-page", "no-yaml", "no-text", "twice", "deep", "circle", "bomb",
         "older", "no-version"],
)  # fmt: skip
def test_what_a_server_gives_is_refused(user, serve, page, words):
    """It has to be a whole contract, and no larger than one can be."""
    before = user.files()
    server = serve()
    server.pages["/orders.json"] = page
    refused(user.run(source=f"{server.url}/orders.json?key=secret"), words)
    assert user.files() == before


def test_a_file_is_held_to_the_same(user):
    """A file that is too large or missing is refused in words."""
    path = user.folder / "orders.json"
    path.write_bytes(LARGE)
    refused(user.run(), "is larger than 4194304 bytes")
    path.unlink()
    refused(user.run(), "No such file")
    path.write_bytes(contract())
    (user.folder / "generator.yml").unlink()
    refused(user.run(), "generator.yml")


def test_a_redirect_to_another_server_is_refused(user, serve):
    """Neither another host, nor another port, nor another scheme is asked; the same server is."""
    server, other = serve(), serve()
    other.pages["/orders.json"] = server.pages["/new.json"] = Page(contract())
    for target in (f"{other.url}/orders.json", "https://example.com/orders.json", "//example.com/orders.json"):
        server.pages["/orders.json"] = Page(status=302, headers=(("Location", target),))
        refused(user.run(source=f"{server.url}/orders.json?key=secret"), "redirects to another server")
    assert other.asked == []
    server.pages["/orders.json"] = Page(status=308, headers=(("Location", "/new.json"),))
    assert user.run(source=f"{server.url}/orders.json").code == 0
    server.pages["/orders.json"] = Page(status=307, headers=(("Location", "/orders.json"),))
    refused(user.run(source=f"{server.url}/orders.json"), "redirects more than 5 times")


def test_this_machine_is_never_asked_by_a_proxy(user, serve, monkeypatch):
    """The proxy of the environment is for other machines."""
    server, proxy = serve(), serve()
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.pages["/orders.json"] = Page(contract())
    assert user.run(source=f"{server.url}/orders.json").code == 0
    assert (server.asked, proxy.asked) == (["/orders.json"], [])


def test_a_server_that_never_ends_is_left(serve):
    """The limit of time is for the whole answer, not for each part of it."""
    server, over = serve(), threading.Event()
    server.pages["/orders.json"] = Page(contract(), wait=over)
    with pytest.raises(ValueError, match=r"did not come within 0\.2 seconds"):
        fetching.fetch(f"{server.url}/orders.json", seconds=0.2)
    over.set()


def test_nobody_answers(user):
    """A port on which nobody listens is a sentence, not a traceback."""
    refused(user.run(source="http://127.0.0.1:9/orders.json"), "the contract cannot be fetched")


BODY = (f"{GET}/requestBody", {"content": {"application/cbor": {"schema": {"type": "string"}}}})


@pytest.mark.parametrize(
    ("edit", "settings", "words"),
    [
        (BODY, SETTINGS, "Unsupported content type application/cbor"),
        ((f"{GET}/responses", None), SETTINGS, "openapi-python-client failed or warned"),
        (("info/title", "Orders"), "post_hooks: [exit 3]\n", "openapi-python-client failed or warned"),
        (("info/title", "Orders"), "unknown_setting: [\n", "openapi-python-client failed or warned"),
    ],
    ids=["a-warning", "a-failure", "a-hook", "settings"],
)
def test_the_generator_complains(user, edit, settings, words):
    """A warning means that an operation was left out, and is as bad as a failure."""
    (user.folder / "generator.yml").write_text(settings)
    before = user.files()
    user.publish(edit)
    refused(user.run(), words)
    assert user.files() == before


def test_what_is_missing_is_said_with_how_to_install_it(user, monkeypatch):
    """Without the generator, and without the extra, the message is a command."""
    monkeypatch.setattr(regenerate.shutil, "which", lambda *_, **__: None)
    refused(user.run(), "there is no openapi-python-client: pip install openapi-python-client")
    monkeypatch.setattr(regenerate, "find_spec", lambda _: None)
    found = user.run()
    assert found.err.endswith("needs greenery and ruamel.yaml: pip install 'infobip-voice[regenerate]'\n")
    assert found.code == 2


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("MAX_GENERATION_SECONDS", "openapi-python-client took longer than 0.001 seconds"),
        ("MAX_COMPARISON_SECONDS", "the comparison of the contracts took longer than 0.001 seconds"),
    ],
)
def test_a_run_that_takes_too_long_is_stopped(user, monkeypatch, limit, words):
    """Neither the generator nor a pattern that is hard to compare holds up a build for hours."""
    before = user.files()
    monkeypatch.setattr(regenerate, limit, 0.001)
    refused(user.run(), words)
    assert user.files() == before


def test_contracts_that_cannot_be_compared(user):
    """A reference that leads nowhere is found where it is compared, if the generator took it."""
    record = user.client / ".regenerate"
    broken = contract((f"{GET}/parameters", [{"$ref": "#/components/parameters/nowhere"}]))
    (record / "contract.yaml").write_bytes(broken)
    lock = json.loads((record / "lock.json").read_text())
    lock["contract"]["sha256"] = regenerate.hashlib.sha256(broken).hexdigest()
    (record / "lock.json").write_text(json.dumps(lock))
    refused(user.run(), "the comparison of the contracts failed or warned", "KeyError: 'parameters'")


@pytest.mark.parametrize("name", ["contract.yaml", "lock.json"])
@pytest.mark.parametrize("content", [None, b"{}", b"["], ids=["gone", "empty", "broken"])
def test_a_damaged_record_is_not_guessed_at(user, name, content):
    """Without the old contract nobody can say whether the new one breaks."""
    path = user.client / ".regenerate" / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    refused(user.run(), ".regenerate is damaged: restore it from your repository")


def test_what_no_generation_made_is_not_destroyed(user):
    """A file of somebody, an edited file or a link stops the run; what is missing comes back."""
    user.publish(("info/version", "1.1.0"))
    (user.client / "mine.py").write_text("MINE = 1\n")
    (user.client / "client.py").write_text("EDITED = 1\n")
    (user.client / "linked.py").symlink_to(user.folder / "generator.yml")
    before = user.files()
    strangers = "changed by hand: client.py; not generated: linked.py, mine.py."
    refused(user.run(), f"{strangers} Your own code belongs beside the client")
    assert user.files() == before
    found = user.run("--check")
    assert (found.code, strangers in found.out) == (1, True)
    for name in ("mine.py", "client.py", "linked.py"):
        (user.client / name).unlink()
    assert user.run().code == 0
    assert (user.client / "client.py").is_file()


def test_a_client_that_was_generated_by_hand_is_taken_over(user):
    """Without a lock, a folder of other files is refused; exactly these files are no loss."""
    shutil.rmtree(user.client / ".regenerate")
    (user.client / "types.py").rename(user.client / "kinds.py")
    refused(user.run(), "not generated: kinds.py")
    (user.client / "kinds.py").rename(user.client / "types.py")
    assert user.run().code == 0
    assert (user.client / ".regenerate/lock.json").is_file()


def test_a_folder_with_somebody_in_it_is_not_replaced(user, monkeypatch):
    """The current folder would be thrown away under the feet of whoever stands in it."""
    monkeypatch.chdir(user.client / "api")
    refused(user.run(), "would be replaced, and you stand in it")


@pytest.fixture
def held(user):
    """Return a run in a process of its own whose generator waits in its hook, and who that is."""
    pipe = user.folder / "pipe"
    os.mkfifo(pipe)
    (user.folder / "generator.yml").write_text(f"post_hooks: ['echo $$ > {pipe}; exec cat {pipe}.end']\n")
    os.mkfifo(f"{pipe}.end")
    user.publish(("info/version", "1.1.0"))
    words = ["--contract", user.folder / "orders.json", "--config", user.folder / "generator.yml"]
    command = [sys.executable, "-m", "infobip_voice_cli", "regenerate", *map(str, words), "--out", str(user.client)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    hook = int(pipe.read_text())
    (user.folder / "generator.yml").write_text(SETTINGS)
    yield process, hook
    process.kill()
    process.wait()
    with suppress(ProcessLookupError):  # without its hook the generator ends by itself
        os.kill(hook, signal.SIGKILL)


def client(user) -> dict[str, bytes]:
    return {name: content for name, content in user.files().items() if name.startswith("orders_client/")}


def test_two_at_once(user, held):
    """The second is refused, and the first is not disturbed."""
    before = client(user)
    refused(user.run(), "another run is regenerating")
    assert client(user) == before
    assert held[0].poll() is None


def test_a_run_that_is_killed_leaves_the_old_client(user, held):
    """Its generator goes on and keeps the lock; once that is gone, the next run cleans up."""
    process, hook = held
    before = client(user)
    process.kill()
    process.wait()
    assert client(user) == before
    refused(user.run(), "another run is regenerating")
    os.killpg(os.getpgid(hook), signal.SIGKILL)
    while (found := user.run()).code == 2:
        assert "another run is regenerating" in found.err  # until the system has closed its files
    assert found.code == 0
    assert client(user) != before
    assert not list(user.folder.glob(".*"))


def test_where_folders_cannot_be_exchanged(user, monkeypatch):
    """There the old client is renamed first, and comes back if the run is killed just then."""
    monkeypatch.setattr(folders, "_exchanged", lambda *_: False)
    user.publish(("info/version", "1.1.0"))
    before = client(user)
    publish = folders.publish

    def killed(new, folder, place):
        folder.rename(place / "old")
        os._exit(9)

    child = os.fork()
    if child == 0:
        regenerate.publish = killed
        main(["regenerate", "--contract", str(user.folder / "orders.json"), "--config",
              str(user.folder / "generator.yml"), "--out", str(user.client)])  # fmt: skip
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert client(user) == {}
    refused(user.run(source="/nowhere.json"))
    user.publish(BODY)
    refused(user.run(), "Unsupported content type")
    assert client(user) == before
    assert publish is folders.publish
    user.publish(("info/version", "1.1.0"))
    assert user.run().code == 0
    assert client(user) != before
    assert not list(user.folder.glob(".*"))


@pytest.mark.parametrize("link", [False, True], ids=["a file", "a link to one"])
def test_a_file_is_not_replaced_by_a_folder(repository, link):
    """Whatever is in it, and also where a link leads to it."""
    notes = repository.folder / "notes.txt"
    notes.write_text("mine")
    if link:
        repository.client.symlink_to(notes)
    else:
        repository.client.write_text("mine")
    refused(repository.run(), "is a file, and would be replaced")
    assert notes.read_text() == repository.client.read_text() == "mine"
