"""Edits of what `xml:` says: whoever reads or writes XML finds elements by their names."""

from gates.contract import GONE
from gates.edits.places import ANSWER, ITEMS, LINE, PRICE, STATE, B, D

EDITS = [
    ("a root element is renamed", B, "Placed", [(f"{ANSWER}/xml/name", "reply")]),
    ("a member's element is renamed", B, "price", [(f"{PRICE}/xml/name", "price")]),
    ("a member's element loses its name", B, "price", [(f"{PRICE}/xml", GONE)]),
    ("a member's element gets a name of its own", B, "state", [(f"{STATE}/xml", {"name": "status"})]),
    ("a member's element gets the name that it had", D, "", [(f"{STATE}/xml", {"name": "state"})]),
    ("a member's element says nothing", D, "", [(f"{STATE}/xml", {})]),
    ("a member is no attribute, as before", D, "", [(f"{STATE}/xml", {"attribute": False})]),
    ("a list's element is renamed", B, "items", [(f"{ITEMS}/xml/name", "things")]),
    ("an item's element is renamed", B, "lines", [(f"{LINE}/xml/name", "row")]),
    ("a list is no longer wrapped", B, "items", [(f"{ITEMS}/xml/wrapped", False)]),
    ("a member becomes an attribute", B, "state", [(f"{STATE}/xml", {"attribute": True})]),
    ("a member's element gets a namespace", B, "state", [(f"{STATE}/xml", {"namespace": "urn:a"})]),
    ("a member's element gets a prefix", B, "state", [(f"{STATE}/xml", {"prefix": "a"})]),
    ("the entries of a map are renamed", B, "Errors", [("components/schemas/Errors/x-xml-entries/name", "fault")]),
]  # fmt: skip
