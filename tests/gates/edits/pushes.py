"""Edits of callbacks and webhooks, where the platform is the client and an integrator answers."""

from gates.contract import CONTRACT, GONE
from gates.edits.places import AUDIT, CALLBACK, PATH, PUSH, RECEIVE, STRING, A, B, D

ITEM = CONTRACT["paths"]["/orders"]["post"]["callbacks"]["done"]["{$request.body#/notifyUrl}"]

EDITS = [
    ("a callback is removed", B, "done", [(f"{PATH}/callbacks", GONE)]),
    ("a callback is added", A, "again", [(f"{PATH}/callbacks/again", {"{$url}": ITEM})]),
    ("a callback is called otherwise", D, "got", [(f"{RECEIVE}/operationId", "got")]),
    ("a callback has no name", D, "receive", [(f"{RECEIVE}/operationId", GONE)]),
    ("a callback moves to another tag", D, "receive", [(f"{RECEIVE}/tags", ["Extra"])]),
    ("a webhook is removed", B, "audit", [("webhooks", GONE)]),
    ("a webhook is added", A, "more", [("webhooks/more", {"post": {"operationId": "more", "responses": {}}})]),
    ("a webhook is called otherwise", D, "check", [(f"{AUDIT}/operationId", "check")]),
    ("a webhook is deprecated", A, "audit", [(f"{AUDIT}/deprecated", True)]),
    ("a webhook has a media type less", B, "application/xml", [(f"{AUDIT}/requestBody/content/application:xml", GONE)]),
    ("a pushed enum grows", B, "state", [(f"{PUSH}/properties/state/enum", ["ok", "bad", "odd"])]),
    ("a pushed enum shrinks", A, "state", [(f"{PUSH}/properties/state/enum", ["ok"])]),
    ("a pushed member is added", A, "more", [(f"{PUSH}/properties/more", STRING)]),
    ("a pushed member is removed", B, "detail", [(f"{PUSH}/properties/detail", GONE)]),
    ("a pushed member is promised", A, "state", [(f"{PUSH}/required", ["state"])]),
    ("a push is closed", B, "Push", [(f"{PUSH}/additionalProperties", False)]),
    ("a push in another media type", A, "application/xml", [(f"{RECEIVE}/requestBody/content/application:xml", {})]),
    ("a push always has a body", A, "done", [
        (f"{RECEIVE}/requestBody/required", True)]),
    ("a receiver may answer otherwise", A, "204", [(f"{RECEIVE}/responses/204", {"description": "Received."})]),
    ("a push is authenticated", A, "audit", [(f"{AUDIT}/security", [{"basic": []}])]),
]  # fmt: skip

SEVERAL = [
    ("a receiver may answer in one way only, and it is another", {(B, "200"), (A, "204")}, [
        (f"{RECEIVE}/responses", {"204": {"description": "Received."}})]),
    ("a callback is written elsewhere", {(D, "Done")}, [
        (f"{CALLBACK}/{{$request.body#:notifyUrl}}", {"$ref": "#/components/pathItems/Done"}),
        ("components/pathItems", {"Done": ITEM})]),
]  # fmt: skip
