"""What values are written as, and which values cannot be written."""

import enum
from decimal import Decimal
from typing import Any

import pytest

from infobip_voice_wire import xml


class Unit(str, enum.Enum):  # noqa: UP042
    """An enumeration like those of the generated client; its members print as `Unit.HOUR`."""

    HOUR = "hour"


def launch(**message: Any) -> str:
    """Return what is written for one message of an IVR launch."""
    text = xml.encode({"messages": [message]}, "IvrLaunchRequest").decode()
    return text.removeprefix("<request><messages>").removesuffix("</messages></request>")


def test_request() -> None:
    """A request has the root `request`; each item is named like its list."""
    value = {
        "messages": [
            {
                "parameters": {"b": "2", "a": "1"},
                "destinations": [{"to": "41793026727"}, {"messageId": "M", "to": "41793026731"}],
                "scenarioId": "S",
            }
        ],
        "bulkId": "B",
    }
    assert xml.encode(value, "IvrLaunchRequest") == (
        b"<request><bulkId>B</bulkId><messages><messages><scenarioId>S</scenarioId><destinations>"
        b"<destinations><to>41793026727</to></destinations>"
        b"<destinations><to>41793026731</to><messageId>M</messageId></destinations></destinations>"
        b"<parameters><b>2</b><a>1</a></parameters></messages></messages></request>"
    )


def test_launch_response() -> None:
    """A launch answer has the root `voiceResponse` and items named `message`."""
    value = {"bulkId": "B", "messages": [{"to": "41793026727", "status": {"id": 26}, "messageId": "M"}]}
    assert xml.encode(value, "VoiceResponse") == (
        b"<voiceResponse><bulkId>B</bulkId><messages><message><to>41793026727</to><status><id>26</id></status>"
        b"<messageId>M</messageId></message></messages></voiceResponse>"
    )


def test_error() -> None:
    """The paths of an error are attributes, and its texts are elements (ruling R12)."""
    errors = {"messages[0].to": ["a", "b"], 'a"<\t\n\r&': ["c"], "none": None, "empty": []}
    value = {
        "requestError": {"serviceException": {"messageId": "BAD_REQUEST", "text": "t", "validationErrors": errors}}
    }
    assert xml.encode(value, "ApiException") == (
        b"<ApiException><requestError><serviceException><messageId>BAD_REQUEST</messageId><text>t</text><validationErrors>"
        b'<validationError path="messages[0].to"><text>a</text><text>b</text></validationError>'
        b'<validationError path="a&quot;&lt;&#9;&#10;&#13;&amp;"><text>c</text></validationError>'
        b'<validationError path="empty"/></validationErrors></serviceException></requestError></ApiException>'
    )


@pytest.mark.parametrize("schema", ["VoiceReportResponse", "NestedReportResponse"])
@pytest.mark.parametrize(
    ("names", "item", "price"), [("xml", "result", "pricePerMessage"), ("json", "results", "pricePerSecond")]
)
def test_reports(schema: str, names: xml.Names, item: str, price: str) -> None:
    """With JSON names the items are `results` and the price is `pricePerSecond` (platform-2026)."""
    value = {"results": [{"to": "385981178", "price": {"pricePerSecond": Decimal("0.01"), "new": [1]}}]}
    assert xml.encode(value, schema, names).decode() == (
        f"<reportResponse><results><{item}><to>385981178</to><price><{price}>0.01</{price}><new>1</new></price>"
        f"</{item}></results></reportResponse>"
    )


def test_json_names_everywhere() -> None:
    """The root and what is no member keep their names: `voiceResponse`, the paths of an error."""
    answer = {"messages": [{"to": "1"}, {"to": "2"}]}
    assert xml.encode(answer, "VoiceResponse", names="json") == (
        b"<voiceResponse><messages><messages><to>1</to></messages><messages><to>2</to></messages></messages></voiceResponse>"
    )
    errors = {"messages[0].to": ["a"]}
    assert xml.encode(errors, "ValidationErrors", names="json") == xml.encode(errors, "ValidationErrors")
    request = {"messages": [{"parameters": {"a": "1"}, "destinations": []}]}
    assert xml.encode(request, "IvrLaunchRequest", names="json") == xml.encode(request, "IvrLaunchRequest")


def test_json_names_refuse_what_would_be_read_as_another_member() -> None:
    """A reader takes either name for the price, so an unknown member may have neither."""
    with pytest.raises(xml.XmlError, match="in XML this is the element of the member pricePerSecond"):
        xml.encode({"pricePerMessage": 1}, "Price", names="json")


def test_other_names_are_refused() -> None:
    """There are two ways to name elements, and the error names both."""
    with pytest.raises(ValueError, match=r"^names has to be 'xml' or 'json', not 'yaml'$"):
        xml.encode({}, "Price", names="yaml")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ({}, "<messages/>"),
        ({"from": None}, "<messages/>"),
        ({"from": ""}, "<messages><from></from></messages>"),
        ({"destinations": []}, "<messages><destinations/></messages>"),
        ({"destinations": [None]}, "<messages><destinations/></messages>"),
        ({"destinations": ({"to": "1"},)}, "<messages><destinations><destinations><to>1</to></destinations></destinations></messages>"),
        ({"parameters": {"a": None}}, "<messages><parameters/></messages>"),
        ({"record": True}, "<messages><record>true</record></messages>"),
        ({"record": False}, "<messages><record>false</record></messages>"),
        ({"record": "true"}, "<messages><record>true</record></messages>"),
        ({"validityPeriod": 720}, "<messages><validityPeriod>720</validityPeriod></messages>"),
        ({"sendingSpeed": {"timeUnit": Unit.HOUR}}, "<messages><sendingSpeed><timeUnit>hour</timeUnit></sendingSpeed></messages>"),
        ({"callbackData": "<a> & \r\n\t'\""}, "<messages><callbackData>&lt;a&gt; &amp; &#13;\n\t'\"</callbackData></messages>"),
        ({"callbackData": "šđ🙂]]>"}, "<messages><callbackData>šđ🙂]]&gt;</callbackData></messages>"),
        ({"new": 1, "from": "2"}, "<messages><from>2</from><new>1</new></messages>"),
        ({"z": "1", "a": "2"}, "<messages><z>1</z><a>2</a></messages>"),
        ({"new": {"a": {"b": True}, "c": {}}}, "<messages><new><a><b>true</b></a><c/></new></messages>"),
        ({"new": [1, None, {"a": 2}]}, "<messages><new>1</new><new><a>2</a></new></messages>"),
        ({"new": None, "new2": []}, "<messages></messages>"),
    ],
)  # fmt: skip
def test_members(message: dict[str, Any], written: str) -> None:
    """Nulls are left out; an empty list is an empty element; unknown members come last."""
    assert launch(**message) == written


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0.01, "0.01"),
        (1e22, "1e+22"),
        (1, "1"),
        (Decimal("0.010"), "0.010"),
        (Decimal("1E+3"), "1E+3"),
        (Decimal("1E+999999"), "1E+999999"),
        (Decimal("123456789.123456789123456789123456789"), "123456789.123456789123456789123456789"),
    ],
)
def test_prices(number: object, written: str) -> None:
    """A price is written exactly, in an element with its own name (reports)."""
    assert xml.encode({"pricePerSecond": number}, "Price").decode() == (
        f"<Price><pricePerMessage>{written}</pricePerMessage></Price>"
    )


def deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = {"a": value}
    return value


LOOP: dict[str, Any] = {}
LOOP["again"] = LOOP


@pytest.mark.parametrize(
    ("message", "place", "reason"),
    [
        ({"callbackData": "385981112\0"}, "callbackData", "XML cannot carry the character U+0000"),
        ({"callbackData": "\x1f"}, "callbackData", "XML cannot carry the character U+001F"),
        ({"callbackData": "&\ud800"}, "callbackData", "XML cannot carry the character U+D800"),
        ({"callbackData": "\ufffe"}, "callbackData", "XML cannot carry the character U+FFFE"),
        ({"callbackData": "\uffff"}, "callbackData", "XML cannot carry the character U+FFFF"),
        ({"destinations": [{}, {"to": "\b"}]}, "destinations[1].to", "XML cannot carry the character U+0008"),
        ({"destinations": "385981112"}, "destinations", "expected an array, found a text"),
        ({"destinations": [[]]}, "destinations[0]", "expected an object, found an array"),
        ({"destinations": ["385981112"]}, "destinations[0]", "expected an object, found a text"),
        ({"retry": 3}, "retry", "expected an object, found a value of the type int"),
        ({"from": {}}, "from", "expected a text, a number or a boolean, found an object"),
        ({"from": b"385981112"}, "from", "expected a text, a number or a boolean, found a value of the type bytes"),
        ({"validityPeriod": float("nan")}, "validityPeriod", "a number must be finite"),
        ({"validityPeriod": Decimal("Infinity")}, "validityPeriod", "a number must be finite"),
        ({"validityPeriod": Decimal("sNaN")}, "validityPeriod", "a number must be finite"),
        ({"validityPeriod": 10**5000}, "validityPeriod", "the number has too many digits"),
        ({"new": [[1]]}, "new", "an array directly in an array has no form in XML"),
        ({"new": {"a b": 1}}, "new.a b", "the name of this member cannot be the name of an XML element"),
        ({"#text": "1"}, "#text", "the name of this member cannot be the name of an XML element"),
        ({"a": deep(61)}, "a" + ".a" * 61, "more than 64 elements inside each other"),
        ({"a": LOOP}, "a" + ".again" * 31 + ".…", "more than 64 elements inside each other"),
    ],
)  # fmt: skip
def test_refused(message: dict[str, Any], place: str, reason: str) -> None:
    """What XML cannot carry is refused with its place, and not quoted."""
    with pytest.raises(xml.XmlError) as caught:
        launch(**message)
    assert caught.value.place == f"messages[0].{place}"
    assert caught.value.reason == reason


def test_depth_that_is_accepted() -> None:
    """The deepest value that can be written can be read."""
    value = {"messages": [{"a": deep(60)}]}
    assert xml.decode(xml.encode(value, "IvrLaunchRequest"), "IvrLaunchRequest") == value


@pytest.mark.parametrize("name", ["", "1a", "a b", "a:b", "-a", "a<", "a\n", "\u0300a", 1])
def test_names(name: Any) -> None:
    """The key of a parameter has to be usable as the name of an element (contract, parameters)."""
    with pytest.raises(xml.XmlError, match="cannot be the name of an XML element"):
        launch(parameters={name: "1"})


@pytest.mark.parametrize("name", ["a", "_", "a-1.b", "šđ", "xml", "a\u0300", "\U00010000"])
def test_names_that_are_accepted(name: str) -> None:
    """Every name that XML 1.0 allows, without a colon, is written and read back."""
    value = {"messages": [{"parameters": {name: "1"}}]}
    assert xml.decode(xml.encode(value, "IvrLaunchRequest"), "IvrLaunchRequest") == value


def test_a_name_that_is_taken() -> None:
    """An unknown member that would be read as a known one is refused."""
    with pytest.raises(xml.XmlError) as caught:
        xml.encode({"price": {"pricePerMessage": 1}}, "VoiceReport")
    assert str(caught.value) == "price.pricePerMessage: in XML this is the element of the member pricePerSecond"


@pytest.mark.parametrize("value", [None, [], "385981112"])
def test_no_object(value: Any) -> None:
    """Anything but an object is refused as a whole."""
    with pytest.raises(xml.XmlError, match=r"^root: expected an object, found "):
        xml.encode(value, "VoiceReportResponse")


def test_a_bad_path() -> None:
    """The path of a validation error is a text that XML can carry."""
    with pytest.raises(xml.XmlError, match=r"U\+0001"):
        xml.encode({"\1": ["a"]}, "ValidationErrors")


def test_every_character() -> None:
    """XML 1.0, production 2: what a document can carry is written and comes back, the rest is
    refused.
    """
    carried = {9, 10, 13, *range(0x20, 0xD800), *range(0xE000, 0xFFFE), *range(0x10000, 0x110000)}
    text = "".join(map(chr, sorted(carried)))
    assert xml.decode(xml.encode({"text": text}, "ServiceException"), "ServiceException") == {"text": text}
    for code in {*range(0x110000)} - carried:
        with pytest.raises(xml.XmlError, match=f"the character U\\+{code:04X}$"):
            xml.encode({"text": f"a{chr(code)}b"}, "ServiceException")
