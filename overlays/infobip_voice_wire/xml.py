"""Read and write the XML form of every schema of the contract.

One codec does it, which is compiled from the contract's `xml:` objects:

    decode(b"<reportResponse><results/></reportResponse>", "VoiceReportResponse")   {"results": []}
    encode({"results": []}, "VoiceReportResponse")                                  the same bytes

XML carries no types and no nulls, so a value that was written and read comes back in a normal form:

* a null member or item is absent, and so is an empty element where the contract allows null and no
  empty text: `<voiceCall/>` is null, `<results/>` an empty list, `<callbackData/>` an empty text;
* numbers are `int` or an exact `Decimal`;
* where the contract allows a boolean or an integer, a text that reads as one is one: `"true"` is a
  boolean, and a time of digits alone counts milliseconds;
* what the contract does not know is text;
* a member that comes twice is a list. Of a report, its last value counts.

Reading is tolerant and loses nothing: it keeps whatever does not fit the schema, in a shape that a
validator of the schema refuses at its path. Writing gives the form of the documentation's samples,
or on request that of the vendor's document of 2026.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Literal, NamedTuple

from lxml import etree

from infobip_voice_schema.xml_plan import PLAN
from infobip_voice_wire._xml_places import ROOT, Convert, PathError, Read, Write, XmlError
from infobip_voice_wire._xml_reading import (
    NUMBERS,
    TRUTHS,
    list_reader,
    local_name,
    members_reader,
    parse,
    read_unknown,
    refuse_doctype,
    scalar_reader,
    to_dict,
    to_list,
    to_none,
)
from infobip_voice_wire._xml_writing import (
    entries_writer,
    list_writer,
    map_writer,
    members_writer,
    write_scalar,
    write_unknown,
)

__all__ = ["Names", "XmlError", "decode", "decode_element", "encode"]

Names = Literal["xml", "json"]


class _Kind(NamedTuple):
    read: Read  # returns the value of any element
    convert: Convert | None  # returns the value of an element with text alone; None: the value is the text
    write: Write


class _Codec(NamedTuple):
    root: str
    elements: frozenset[str]
    kind: _Kind


def decode(document: bytes, *schemas: str) -> Any:
    """Return the JSON value of an XML document, read as the named schema of the contract.

    Read as several, it may have the members of each: a pushed report is nested or flat.

    The root is the element of the (first) schema. A root that is named like a member of the schema
    is read as that member alone: an error may lack its `ApiException` element.

    An element is matched by its local name, first with the contract's XML names, then with its JSON
    names. Any child of a list is an item (§6: our code writes the samples' form and reads both).

    What does not fit is kept. Repeated members become lists; an unknown element becomes a text, a
    dict or a list; text beside elements becomes the member `#text`; a scalar whose text does not
    fit its type stays text.

    Raises:
        XmlError: the document is malformed, has a DOCTYPE or another root, or nests more than 64
            elements.
        KeyError: the contract has no such schema.
    """
    codec = _codec(*schemas, names="xml")
    root = parse(document)
    name = local_name(root)
    if name != codec.root:
        if name not in codec.elements:
            raise XmlError(ROOT, f"expected the element {codec.root}, found {name[:80]}")
        outer = etree.Element(codec.root)
        outer.append(root)
        root = outer
    return _placed(codec.kind.read, root)


def decode_element(element: Any, *schemas: str) -> Any:
    """Return the JSON value of one lxml element, of any name, read as the named schema or schemas.

    Raises:
        XmlError: the element's document has a DOCTYPE, or the element nests more than 64 elements.
        KeyError: the contract has no such schema.
    """
    refuse_doctype(element)
    return _placed(_codec(*schemas, names="xml").kind.read, element)


def encode(value: Any, schema: str, names: Names = "xml") -> bytes:
    """Return a JSON value as an XML document of the named schema, in UTF-8, without a declaration.

    The members of the schema come first, in its order; unknown ones follow in theirs. None is left
    out, and an empty list is an empty element (contract, XML). Numbers are written exactly, as JSON
    writes them. The value is not validated beyond what XML needs.

    Args:
        value: the JSON value.
        schema: the name of the schema in the contract.
        names: how elements are named. `xml` uses the contract's XML names. `json`, the form of the
            vendor's document of 2026, names each by the JSON name of its member, and each item of a
            list like the list; the root stays, and so do elements whose key is an attribute.

    Raises:
        XmlError: the value has a text or a name that XML cannot carry, a number that is not finite,
            an array or object in the wrong place, or more than 64 levels.
        KeyError: the contract has no such schema.
        ValueError: `names` is neither of the two.
    """
    if names not in ("xml", "json"):
        raise ValueError(f"names has to be 'xml' or 'json', not {names!r}")
    codec = _codec(schema, names=names)
    text: str = _placed(lambda whole: codec.kind.write(whole, codec.root, 1), value)
    return text.encode()


def _placed(work: Callable[[Any], Any], subject: Any) -> Any:
    try:
        return work(subject)
    except PathError as error:
        place = "".join(reversed(error.steps)).removeprefix(".") or ROOT
        # A path may consist of 64 names, each of any length.
        raise XmlError(place if len(place) <= 200 else place[:200] + "…", error.reason) from None


@cache
def _codec(*schemas: str, names: Names, nullable: bool = False) -> _Codec:
    for schema in schemas:
        if schema not in PLAN:
            raise KeyError(f"the contract has no schema {schema}")
    (root, plan), *others = (PLAN[schema] for schema in schemas)
    for _, other in others:
        plan = _merged(plan, other)
    elements = {name for member in plan[1] for name in member[:2]} if plan[0] == "object" else set[str]()
    return _Codec(root, frozenset(elements), _kind(plan, names, nullable))


def _merged(plan: Any, other: Any) -> Any:
    """Return the plan of a value that may be of either; where they disagree, the first holds."""
    match plan, other:
        case (("ref", *schemas), ("ref", *others)) if schemas != others:
            return ("ref", *schemas, *others)
        case (("list", item_name, items), ("list", _, others)):
            return ("list", item_name, _merged(items, others))
        case (("object", members), ("object", others)):
            found = {member[0]: member for member in members}
            for name, element, inner in others:
                known = found.get(name, (name, element, inner))
                found[name] = (*known[:2], _merged(known[2], inner))
            return ("object", tuple(found.values()))
        case _:
            return plan


def _kind(plan: Any, names: Names, nullable: bool = False) -> _Kind:
    """Compile one kind of the XML plan; the module of the plan lists the kinds. An empty element of
    a nullable one is null.
    """
    match plan:
        case "text":
            convert = to_none if nullable else None
            return _Kind(scalar_reader(convert), convert, write_scalar)
        case "integer" | "number":
            return _Kind(scalar_reader(NUMBERS), NUMBERS, write_scalar)
        case "boolean":
            return _Kind(scalar_reader(TRUTHS), TRUTHS, write_scalar)
        case ("ref", *schemas):
            return _codec(*schemas, names=names, nullable=nullable).kind
        case ("nullable", plan_of_value):
            return _kind(plan_of_value, names, nullable=True)
        case ("object", members):
            return _object(members, names, to_none if nullable else to_dict)
        case ("map", plan_of_values):
            values = _kind(plan_of_values, names)
            empty = to_none if nullable else to_dict
            return _Kind(members_reader({}, (values.convert, values.read), empty), empty, map_writer(values.write))
        case ("list", item_name, plan_of_items):
            items = _kind(plan_of_items, names)
            empty = to_none if nullable else to_list
            write = list_writer(item_name if names == "xml" else None, items.write)
            return _Kind(list_reader(items.read, empty), empty, write)
        case ("entries", entry, key, item_name):
            # The keys are paths, and a path cannot be the name of an element (ruling R12).
            texts = list_reader(scalar_reader(None), to_list)
            empty = to_none if nullable else to_dict
            reader = members_reader({}, (to_list, texts), empty, lambda element: element.get(key, ""))
            return _Kind(reader, empty, entries_writer(entry, key, item_name))
        case _:
            raise ValueError(f"the XML plan has a kind that the codec does not know: {plan!r}")


def _object(plan: Any, names: Names, empty: Convert) -> _Kind:
    members: list[tuple[str, str, _Kind]] = [(name, element, _kind(inner, names)) for name, element, inner in plan]
    table = {element: (name, kind.convert, kind.read) for name, element, kind in members}
    for name, _, kind in members:
        table.setdefault(name, (name, kind.convert, kind.read))
    writers = [(name, element if names == "xml" else name, kind.write) for name, element, kind in members]
    taken = {element: member for element, (member, _, _) in table.items()}
    return _Kind(
        members_reader(table, (None, read_unknown), empty),
        empty,
        members_writer(writers, write_unknown, taken),
    )
