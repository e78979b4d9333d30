"""Where things are in the contract that is edited, and short names of the verdicts."""

PATH = "paths/:orders/post"
LISTS = "paths/:lists/get"
ORDER = "components/schemas/Order"
TO, COUNT, RATE, QUIET, PACK, NOTE, UNIT, FLAG, ITEMS, WORDS, BOTH, WEIGHT, CODE, FREE, GIVEN = (
    f"{ORDER}/properties/{name}"
    for name in ("to", "count", "rate", "quiet", "pack", "note", "unit", "flag", "items", "words", "both", "weight",
                 "code", "free", "given")
)  # fmt: skip
ITEM = "components/schemas/Item"
TREE = "components/schemas/Tree"
ANSWER = "components/schemas/Answer"
ID, STATE, PRICE, TEXT, KIND, LINES, MAYBE, SAME, ANSWER_CODE, HIDDEN = (
    f"{ANSWER}/properties/{name}"
    for name in ("id", "state", "price", "note", "kind", "lines", "maybe", "both", "code", "hidden")
)
RECEIPT = "components/schemas/Receipt"
LINE = "components/schemas/Line"
PLACED = "components/responses/Placed"
SHARED = "components/schemas/Shared"
PUSH = "components/schemas/Push"
CALLBACK = f"{PATH}/callbacks/done"
RECEIVE = f"{CALLBACK}/{{$request.body#:notifyUrl}}/post"
AUDIT = "webhooks/audit/post"
STRING = {"type": "string"}
B, A, D = "breaking", "additive", "documentation"


def ref(name: str) -> dict[str, str]:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}
