"""The kit does no harm that nobody agreed to."""

import json

import pytest

from infobip_voice_contract.contract import Contract
from infobip_voice_contract.exchange import ACCOUNT, Request
from infobip_voice_contract.safety import Guard, Numbers, Rate, Unsafe, is_loopback, target
from infobip_voice_contract.stage import Stage


@pytest.mark.parametrize(
    "url",
    [
        "https://api.infobip.com", "https://api.infobip.com.", "https://API.INFOBIP.COM", "https://api.infobip.com:443/x",
        "http://account.api.infobip.com", "https://infobip.com./", " https://api.infobip.com ", "https://ａpi.infobip.com",
    ],
)  # fmt: skip
def test_the_vendor_is_no_target(url):
    """By whatever spelling of its name."""
    with pytest.raises(Unsafe, match="dials real telephones"):
        target(url, resolve=lambda host: host)


def test_an_alias_of_the_vendor_is_no_target():
    """A name of ours that leads to the vendor's host is the vendor's host."""
    with pytest.raises(Unsafe, match="dials real telephones"):
        target("https://voice.example.com", resolve=lambda _: "api.infobip.com.")


def test_the_vendor_is_a_target_for_those_who_say_so():
    """The flag lets it pass, in one spelling."""
    assert target("https://API.infobip.com./", vendor=True, resolve=str) == "https://api.infobip.com"


def test_credentials_do_not_belong_into_the_address():
    """They would be in every output."""
    with pytest.raises(Unsafe, match="credentials in the URL"):
        target("https://Aladdin:secret@example.com")


@pytest.mark.parametrize(
    "url", ["ftp://example.com", "example.com", "http://", "http://example.com:0", "http://x:port"]
)
def test_a_target_is_an_address(url):
    """Anything else is refused."""
    with pytest.raises(ValueError, match="no http or https URL"):
        target(url, resolve=lambda host: host)


def test_other_hosts_are_targets():
    """In one spelling, with their prefix and port."""
    assert target("http://LOCALHOST:8080/voice/", resolve=lambda host: host) == "http://localhost:8080/voice"
    assert target("http://[::1]:80", resolve=lambda host: host) == "http://[::1]:80"
    assert target("http://notinfobip.com", resolve=lambda host: host) == "http://notinfobip.com"


def post(document, form="json"):
    stage = Stage("run", Contract(), Numbers())
    return stage.post(document, form=form)


@pytest.mark.parametrize("number", ["41793026727", "+41793026727", "0041793026727", "385981178", 41793026727])
@pytest.mark.parametrize("form", ["json", "xml"])
def test_nobody_is_dialled(number, form):
    """A number that is neither in the pool nor in the file never goes out, valid or not."""
    guard = Guard(Numbers(), destructive=True)
    document = {"messages": [{"scenarioId": "x", "destinations": [{"to": number}]}], "surprise": 1}
    with pytest.raises(Unsafe, match="would dial"):
        guard.check(post(document, form), effective=False)


def test_nobody_is_dialled_by_what_cannot_be_read():
    """A number in a body that is not well-formed does not go out."""
    guard = Guard(Numbers(), destructive=True)
    with pytest.raises(Unsafe, match="would dial"):
        guard.check(post(b'{"messages": [{"destinations": [{"to": "41793026727"}'), effective=False)


@pytest.mark.parametrize("url", ["http://example.com/push", "https://127.0.0.1.example.com", "http://[2001:db8::1]/"])
def test_no_server_is_made_to_call_others(url):
    """Addresses for pushes and audio are this machine's, or none."""
    guard = Guard(Numbers(), destructive=True)
    for name in ("notifyUrl", "audioFileUrl"):
        with pytest.raises(Unsafe, match=name):
            guard.check(post({"messages": [{name: url}]}), effective=False)
    assert is_loopback("http://127.0.0.1:9/x")
    assert is_loopback("")


def test_consent_is_needed():
    """What launches or consumes does not go out without it."""
    guard = Guard(Numbers(), destructive=False)
    request = Request("GET", "/tts/3/reports", (("Authorization", ACCOUNT),))
    guard.check(request, effective=False)
    with pytest.raises(Unsafe, match="--destructive"):
        guard.check(request, effective=True)


def test_numbers_come_from_the_pool_or_from_a_file(tmp_path):
    """A file maps outcomes to numbers; an outcome without numbers is not known."""
    assert Numbers().take() != Numbers().take("busy")[:0]
    pool = Numbers()
    assert len({pool.take() for _ in range(100)}) == 100
    assert all(Numbers.of("mock").take("busy").startswith("999102") for _ in range(3))
    file = tmp_path / "numbers.json"
    file.write_text(json.dumps({"busy": ["+41793026727", "41793026731"]}))
    given = Numbers.of(str(file))
    assert [given.take("busy") for _ in range(3)] == ["41793026727", "41793026731", "41793026727"]
    assert given.knows("busy")
    assert not given.knows("no answer")
    assert given.allows("41793026727")
    assert not given.allows("41793026799")
    assert given.whole == ("41793026727", "41793026731")


@pytest.mark.parametrize(
    "text", ["[]", '{"busy": []}', '{"busy": ["abc"]}', '{"busy": "41793026727"}', '{"no-answer": ["41793026727"]}']
)
def test_a_file_of_numbers_is_checked(tmp_path, text):
    """Anything but lists of numbers by outcome is refused."""
    file = tmp_path / "numbers.json"
    file.write_text(text)
    with pytest.raises(ValueError, match="has to be"):
        Numbers.of(str(file))


def test_a_rate_spaces_requests_out():
    """Two a second: one at once, then one every half second."""
    rate = Rate(2)
    assert [rate.wait(10.0), rate.wait(10.1), rate.wait(10.2), rate.wait(20.0)] == pytest.approx([0, 0.4, 0.8, 0])
    assert Rate(None).wait(5.0) == 0
