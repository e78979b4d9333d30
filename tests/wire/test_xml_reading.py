"""How other people's XML is read."""

import json
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from infobip_voice_wire import _xml_reading as reading
from infobip_voice_wire import xml

NIL = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'


def report(content: str) -> Any:
    """Return what is read of one report with this content."""
    document = f"<reportResponse><results><result>{content}</result></results></reportResponse>"
    return xml.decode(document.encode(), "VoiceReportResponse")["results"][0]


def request(content: str) -> Any:
    return xml.decode(f"<request>{content}</request>".encode(), "IvrLaunchRequest")


@pytest.mark.parametrize(
    ("schema", "document", "value"),
    [
        ("VoiceReportResponse", "<reportResponse><results/></reportResponse>", {"results": []}),
        ("VoiceReportResponse", "<reportResponse><results> </results></reportResponse>", {"results": []}),
        ("VoiceReportResponse", "<reportResponse/>", {}),
        (
            "VoiceReportResponse",
            "<reportResponse><results><result><to>1</to></result></results></reportResponse>",
            {"results": [{"to": "1"}]},
        ),
        (
            "VoiceReportResponse",
            "<reportResponse><results><results><to>1</to></results></results></reportResponse>",
            {"results": [{"to": "1"}]},
        ),
        (
            "VoiceResponse",
            "<voiceResponse><messages><message><to>1</to></message><messages><to>2</to></messages></messages></voiceResponse>",
            {"messages": [{"to": "1"}, {"to": "2"}]},
        ),
        (
            "IvrLaunchRequest",
            "<request><messages><messages><parameters><foo>bar</foo></parameters></messages></messages></request>",
            {"messages": [{"parameters": {"foo": "bar"}}]},
        ),
        (
            "ApiException",
            "<ApiException><requestError><serviceException><text>t</text></serviceException></requestError></ApiException>",
            {"requestError": {"serviceException": {"text": "t"}}},
        ),
        (
            "ApiException",
            "<requestError><serviceException><text>t</text></serviceException></requestError>",
            {"requestError": {"serviceException": {"text": "t"}}},
        ),
        ("VoiceReportResponse", "<results><result><to>1</to></result></results>", {"results": [{"to": "1"}]}),
        ("PhoneNumber", "<PhoneNumber>385981178</PhoneNumber>", "385981178"),
        (
            "VoiceReportResponse",
            '<v:reportResponse xmlns:v="urn:v"><v:results/><x xmlns="urn:w">1</x></v:reportResponse>',
            {"results": [], "x": "1"},
        ),
        ("VoiceReportResponse", "\ufeff<reportResponse><results/></reportResponse>", {"results": []}),
        (
            "VoiceReportResponse",
            "<?xml version='1.0' encoding='UTF-8'?><!-- a --><?b?><reportResponse/><!-- c -->",
            {},
        ),
    ],
)
def test_documents(schema: str, document: str, value: Any) -> None:
    """Every document is read in both forms, with or without root, namespace and BOM."""
    assert xml.decode(document.encode(), schema) == value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-2"])
def test_declared_encodings(encoding: str) -> None:
    """A document is read in the encoding that it declares."""
    document = f"<?xml version='1.0' encoding='{encoding}'?><reportResponse><x>š</x></reportResponse>"
    assert xml.decode(document.encode(encoding), "VoiceReportResponse") == {"x": "š"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10", 10),
        ("0", 0),
        ("-7", -7),
        ("-0", 0),
        (" \t\r\n10 ", 10),
        ("1.0", Decimal("1.0")),
        ("1e3", Decimal("1e3")),
        ("1E-2", Decimal("0.01")),
        ("0.1000000000000000055511151231257827", Decimal((0, tuple(map(int, "1000000000000000055511151231257827")), -34))),
        ("9" * 640, int("9" * 640)),
        ("", None),
        (" ", None),
        ("9" * 641, "9" * 641),
        ("1" * 5000, "1" * 5000),
        ("1e640", Decimal("1e640")),
        ("1e641", "1e641"),
        ("1e999999999", "1e999999999"),
        ("1e-999999999", "1e-999999999"),
        ("1e99999999999999999999", "1e99999999999999999999"),
        ("+1", "+1"),
        ("1_0", "1_0"),
        ("01", "01"),
        ("-01", "-01"),
        (".5", ".5"),
        ("5.", "5."),
        ("1e", "1e"),
        ("0x1", "0x1"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("١", "١"),
        ("²", "²"),
        ("ten", "ten"),
        ("1 0", "1 0"),
        (" ten ", " ten "),
        ("\N{NO-BREAK SPACE}1", "\N{NO-BREAK SPACE}1"),
    ],
)  # fmt: skip
def test_numbers(text: str, value: Any) -> None:
    """Numbers follow JSON's grammar exactly; what does not fit, or is absurdly long, is text."""
    found = report(f"<duration>{text}</duration><price><pricePerMessage>{text}</pricePerMessage></price>")
    assert found == {"duration": value, "price": {"pricePerSecond": value}}
    assert type(found["duration"]) is type(value)
    assert found == report(f"<duration>{text}</duration><price><pricePerSecond>{text}</pricePerSecond></price>")


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("false", False), (" true\n", True), ("", None), ("1", "1"), ("TRUE", "TRUE"), ("yes", "yes")],
)
def test_booleans(text: str, value: Any) -> None:
    """Booleans are `true` and `false`; anything else stays text."""
    found = report(f"<error><permanent>{text}</permanent></error>")
    assert found == {"error": {"permanent": value}}
    assert type(found["error"]["permanent"]) is type(value)


@pytest.mark.parametrize("space", ["\N{NO-BREAK SPACE}", "\N{EM SPACE}", "\x85"])
@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("<duration>~1</duration>", {"duration": "~1"}),
        ("<error><permanent>true~</permanent></error>", {"error": {"permanent": "true~"}}),
        ("<price>~</price>", {"price": "~"}),
        ("<price>~<currency>EUR</currency></price>", {"price": {"currency": "EUR", "#text": "~"}}),
        ("<price><currency>EUR</currency>~</price>", {"price": {"currency": "EUR", "#text": "~"}}),
        ("<price> <currency>EUR</currency>~ </price>", {"price": {"currency": "EUR", "#text": "~"}}),
        (f"<price {NIL}>~</price>", {"price": "~"}),
        (f"<to {NIL.replace('true', '~true')}/>", {"to": ""}),
    ],
)
def test_white_space_has_four_characters(space: str, content: str, value: Any) -> None:
    """They are space, tab and the ends of lines; what else Python strips is text, and is kept."""
    assert report(content.replace("~", space)) == json.loads(json.dumps(value).replace("~", space))
    assert request(f"<messages>{space}</messages>") == {"messages": space}
    assert request(f"<messages><m/>{space}</messages>") == {"messages": [{}, space]}


def test_remembered_literals_are_short_and_few() -> None:
    """At most 4096 literals of six characters are kept, so that no document fills the memory."""
    literals = reading._Literals(int)
    assert (literals["654321"], literals["7654321"], list(literals)) == (654321, 7654321, ["654321"])
    assert [literals[str(number)] for number in range(5000)] == list(range(5000))
    assert len(literals) == 4096


def test_many_different_numbers() -> None:
    """The cache of literals stays bounded and gives the right values."""
    items = "".join(f"<result><duration>{number}</duration></result>" for number in range(6000))
    found = xml.decode(f"<results>{items}</results>".encode(), "VoiceReportResponse")
    assert [item["duration"] for item in found["results"]] == list(range(6000))
    assert len(reading.NUMBERS.__self__) <= 4096  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("<to>  1 </to>", {"to": "  1 "}),
        ("<to></to>", {"to": ""}),
        (f"<to {NIL}/>", {"to": None}),
        ('<to nil="true"/>', {"to": ""}),
        (f"<duration {NIL}></duration>", {"duration": None}),
        (f"<price {NIL}/>", {"price": None}),
        (f"<unknown {NIL}/>", {"unknown": None}),
        (f"<to {NIL}>1</to>", {"to": "1"}),
        (f"<to {NIL.replace('true', ' 1 ')}/>", {"to": None}),
        ("<price/>", {"price": None}),
        ("<price> </price>", {"price": None}),
        ("<price><!-- 1 --> </price>", {"price": None}),
        ("<price><![CDATA[free ]]></price>", {"price": "free "}),
        ("<price>free</price>", {"price": "free"}),
        ("<price>now <currency>EUR</currency></price>", {"price": {"currency": "EUR", "#text": "now"}}),
        ("<price><currency>EUR</currency> now\n</price>", {"price": {"currency": "EUR", "#text": "now"}}),
        ("<price> <currency>EUR</currency><x/></price>", {"price": {"currency": "EUR", "x": ""}}),
        ("<to>1<b>2</b>3</to>", {"to": {"b": "2", "#text": "13"}}),
        ("<duration><b>2</b></duration>", {"duration": {"b": "2"}}),
        ("<to>1</to><to>2</to>", {"to": ["1", "2"]}),
        ("<to>1</to><to>2</to><to>3</to>", {"to": ["1", "2", "3"]}),
        ("<duration>1</duration><duration>x</duration>", {"duration": [1, "x"]}),
        (
            "<price><pricePerMessage>1</pricePerMessage><pricePerSecond>2</pricePerSecond></price>",
            {"price": {"pricePerSecond": [1, 2]}},
        ),
        ("<new>1</new>", {"new": "1"}),
        ("<new><a>1</a><b><c/></b></new>", {"new": {"a": "1", "b": {"c": ""}}}),
        ("<new><a>1</a><a>2</a></new>", {"new": {"a": ["1", "2"]}}),
        ("<new>1</new><new><a>2</a></new>", {"new": ["1", {"a": "2"}]}),
        ('<to a="b" c="d">1</to>', {"to": "1"}),
        ("<to>38598<!-- 1 -->1<?p?>178<![CDATA[9]]></to>", {"to": "3859811789"}),
        ("<to>&#x31;&amp;&lt;</to>", {"to": "1&<"}),
    ],
)
def test_members(content: str, value: Any) -> None:
    """Nothing is lost: what does not fit keeps a shape that a validator refuses at its place."""
    assert report(content) == value


NESTED = ("NestedReportResponse", "VoiceReportResponse")
EMPTY: list[tuple[str, Any]] = [
    # text, of which the empty one is a text
    ("from", ""), ("callbackData", ""), ("mccMnc", ""), ("dtmfCodesAsJson", ""), ("voiceCall/feature", ""),
    ("voiceCall/dtmfCodes", ""), ("voiceCall/ivr/spokenInput", ""), ("status/name", ""),
    # text with a form that the empty one does not have
    ("sentAt", None), ("doneAt", None), ("startTime", None), ("voiceCall/endTime", None),
    # numbers, booleans and objects
    ("duration", None), ("fileDuration", None), ("voiceCall/chargedDuration", None), ("price/pricePerSecond", None),
    ("error/permanent", None), ("price", None), ("status", None), ("error", None), ("voiceCall", None),
    ("voiceCall/ivr", None),
]  # fmt: skip


@pytest.mark.parametrize("blank", ["", "<!-- 1 -->", " \n"])
@pytest.mark.parametrize(("path", "value"), EMPTY)
def test_empty_elements(path: str, value: Any, blank: str) -> None:
    """They are null where the contract allows null and no empty text; a list is empty."""
    *outer, last = path.split("/")
    document = f"<{last}>{blank}</{last}>"
    for name in reversed(outer):
        document = f"<{name}>{document}</{name}>"
    document = f"<reportResponse><results><result>{document}</result></results></reportResponse>"
    found = xml.decode(document.encode(), *NESTED)["results"][0]
    for name in outer:
        found = found[name]
    assert found == {last: blank if value == "" and "<" not in blank else value}
    assert xml.decode(f"<reportResponse><results>{blank}</results></reportResponse>".encode(), *NESTED) == {
        "results": []
    }
    # A request allows no null: what is empty there is judged as it stands.
    assert request(f"<messages><m><retry>{blank}</retry></m></messages>") == {"messages": [{"retry": {}}]}


def test_a_document_of_either_schema() -> None:
    """Read as several, it may have the members of each, and they have their types."""
    flat = "<result><duration>1</duration><doneAt>x</doneAt><fileDuration>1.50</fileDuration></result>"
    nested = "<results><voiceCall><duration>1</duration><fileDuration>1.50</fileDuration></voiceCall><a>1</a></results>"
    value = [
        {"duration": 1, "doneAt": "x", "fileDuration": Decimal("1.50")},
        {"voiceCall": {"duration": 1, "fileDuration": Decimal("1.50")}, "a": "1"},
    ]
    for schemas in (NESTED, NESTED[::-1]):
        document = f"<reportResponse><results>{flat}{nested}</results></reportResponse>"
        assert xml.decode(document.encode(), *schemas) == {"results": value}
        assert xml.decode(f"<results>{flat}{nested}</results>".encode(), *schemas) == {"results": value}
    both = xml.decode_element(etree.fromstring(nested), "VoiceReport", "NestedReport")
    assert both == value[1]
    assert xml.decode_element(etree.fromstring("<a>5</a>"), "PhoneNumber", "Price") == "5"
    with pytest.raises(KeyError, match="no schema Nope"):
        xml.decode(b"<a/>", "Price", "Nope")


@pytest.mark.parametrize(
    ("digits", "value"),
    [("1587521910000", 1587521910000), (" -1 ", -1), ("2018-06-25T13:38:15.000+0000", "2018-06-25T13:38:15.000+0000")],
)
def test_times_of_digits_alone(digits: str, value: Any) -> None:
    """Where a time may be a number, digits alone are one: milliseconds since 1970."""
    for name in ("startTime", "answerTime", "endTime"):
        assert report(f"<{name}>{digits}</{name}>") == {name: value}


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("<messages>x</messages>", {"messages": "x"}),
        ("<messages>x<messages/></messages>", {"messages": [{}, "x"]}),
        ("<messages><messages/>x</messages>", {"messages": [{}, "x"]}),
        (f"<messages {NIL}/>", {"messages": None}),
        (f"<messages><messages {NIL}/><messages>x</messages></messages>", {"messages": [None, "x"]}),
        ("<messages><messages/></messages><messages><m/><m/></messages>", {"messages": [{}, {}, {}]}),
        ("<messages>x</messages><messages><m/></messages>", {"messages": ["x", [{}]]}),
        ("<messages>x</messages><messages><m/></messages><messages/>", {"messages": ["x", [{}], []]}),
        (
            "<messages><m><parameters><a/><a>1</a><b><c/></b>x</parameters></m></messages>",
            {"messages": [{"parameters": {"a": ["", "1"], "b": {"c": ""}, "#text": "x"}}]},
        ),
        ("<messages><m><parameters>x</parameters></m></messages>", {"messages": [{"parameters": "x"}]}),
        ("<messages><m><parameters/></m></messages>", {"messages": [{"parameters": {}}]}),
    ],
)
def test_lists_and_maps(content: str, value: Any) -> None:
    """Any child of a list is an item, any child of a map a key; two wrappers make one list."""
    assert request(content) == value


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("", {}),
        (" ", {}),
        ("x", "x"),
        ('<validationError path="a[0].b"><text>1</text><text>2</text></validationError>', {"a[0].b": ["1", "2"]}),
        ('<other path="a"><any>1</any></other>', {"a": ["1"]}),
        ('<validationError path="a"/>', {"a": []}),
        ('<validationError path="a">1</validationError>', {"a": "1"}),
        ("<validationError><text>1</text></validationError>", {"": ["1"]}),
        (
            '<validationError path="a"><text>1</text></validationError>'
            '<validationError path="a"><text>2</text></validationError>',
            {"a": ["1", "2"]},
        ),
        ('x<validationError path="a"/>', {"a": [], "#text": "x"}),
    ],
)
def test_validation_errors(content: str, value: Any) -> None:
    """Each path is an attribute, and its texts are elements (ruling R12)."""
    document = f"<serviceException><validationErrors>{content}</validationErrors></serviceException>"
    assert xml.decode(document.encode(), "RequestError") == {"serviceException": {"validationErrors": value}}


def test_an_element() -> None:
    """One report can be read alone, under any name, from a tree with comments."""
    source = "<r><results>a<!-- 1 --><to>3859<!-- 2 -->81178</to><duration>1<!-- 3 -->0</duration><price><!-- 4 --></price></results></r>"
    element = etree.fromstring(source)[0]
    assert xml.decode_element(element, "VoiceReport") == {
        "to": "385981178",
        "duration": 10,
        "price": None,
        "#text": "a",
    }
    assert xml.decode_element(etree.fromstring("<results><!-- 1 --><r/></results>"), "VoiceReportResponse") == {"r": ""}
    answer = etree.fromstring("<reportResponse><results><!-- 1 --><r/></results></reportResponse>")
    assert xml.decode_element(answer, "VoiceReportResponse") == {"results": [{}]}


def test_unknown_schema() -> None:
    """A schema that the contract does not have is the program's mistake: KeyError."""
    with pytest.raises(KeyError, match="no schema Nope"):
        xml.decode(b"<a/>", "Nope")


def test_unknown_kind() -> None:
    """If the generator learns a kind that the codec does not know, the error names it."""
    with pytest.raises(ValueError, match="choice"):
        xml._kind(("choice", "text"), "xml")


def test_white_space_that_is_not_xmls_is_text() -> None:
    """A space that does not break is something that somebody wrote, also beside `nil`."""
    assert reading.read_unknown(etree.fromstring(f"<a {NIL}>\u00a0</a>")) == "\u00a0"
    assert reading.read_unknown(etree.fromstring(f"<a {NIL}> \n</a>")) is None


def test_children_that_are_indented_unlike_leave_no_text() -> None:
    """Only what is not white space is kept beside elements."""
    assert report("\n <to>1</to>\n\n  <bulkId>b</bulkId> ") == {"to": "1", "bulkId": "b"}
    assert report("\n <to>1</to>\n\n  <bulkId>b</bulkId> x ")["#text"] == "x"


PLANS = ["text", "number", "boolean", ("object", ()), ("map", "text"), ("list", "item", "text"), ("ref", "Price")]


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_an_empty_element_of_what_may_be_null_is_null(plan: Any) -> None:
    """As a member and as an item of a list, which is read as it is; any other text is that text."""
    kind = xml._kind(("nullable", plan), "xml")
    for text, value in (("", None), (" \n", None), ("x", "x"), ("\u00a0", "\u00a0")):
        assert kind.read(etree.fromstring(f"<a>{text}</a>")) == value
        assert kind.convert is not None
        assert kind.convert(text) == value
    assert xml._kind(plan, "xml").read(etree.fromstring("<a>\u00a0</a>")) == "\u00a0"
    assert xml._kind(plan, "xml").read(etree.fromstring("<a/>")) == {
        "text": "", "number": None, "boolean": None, "list": [],
    }.get(plan if isinstance(plan, str) else plan[0], {})  # fmt: skip


def test_what_may_be_null_and_is_not_is_read_as_without_that() -> None:
    """Also numbers within it."""
    price = etree.fromstring("<price><pricePerMessage>0.01</pricePerMessage><currency>EUR</currency></price>")
    assert xml._kind(("nullable", ("ref", "Price")), "xml").read(price) == {
        "pricePerSecond": Decimal("0.01"), "currency": "EUR",
    }  # fmt: skip
    assert xml._kind(("nullable", "number"), "xml").read(etree.fromstring("<a>5</a>")) == 5
