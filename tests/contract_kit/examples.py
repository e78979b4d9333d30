"""For each rule two recordings: one in which it holds, one in which it is broken."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from contract_kit.recorded import (
    ACCEPTED,
    JSON,
    NOON,
    REJECTED,
    XML,
    Record,
    document,
    launched,
    refusal,
    report,
    reports,
    stage,
)  # fmt: skip
from infobip_voice_contract import credentials
from infobip_voice_contract.demands import MAX_BODY
from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.stage import ABSENT, CTC, Stage, changed

Pair = tuple[Record, Record]
ITEM = "messages[0]"
SIX = {"hour": 6, "minute": 0}


def ivr(path: str, value: Any) -> Callable[[Stage], Request]:
    return lambda s: s.post(changed(s.ivr(ids=["m1"]), {path: value}))


def ctc(path: str, value: Any) -> Callable[[Stage], Request]:
    return lambda s: s.post(changed(s.ctc(ids=["m1"]), {path: value}), CTC)


REFUSED: dict[str, tuple[Callable[[Stage], Request], int]] = {
    "auth.none": (lambda s: s.get(authorization=None), 401),
    "auth.wrong-password": (lambda s: s.get(authorization=credentials.WRONG_PASSWORD), 401),
    "auth.unknown-user": (lambda s: s.get(authorization=credentials.UNKNOWN_USER), 401),
    "auth.wrong-key": (lambda s: s.get(authorization=credentials.WRONG_KEY), 401),
    "auth.malformed": (lambda s: s.get(authorization="Basic !!!"), 401),
    "status.unknown-path": (lambda s: s.get(path="/nothing"), 404),
    "status.precedence": (lambda s: s.get(authorization=None, accept="text/html"), 401),
    "method.refused": (lambda s: s.get(method="HEAD"), 405),
    "method.no-effect": (lambda s: s.get(method="DELETE"), 405),
    "form.not-acceptable": (lambda s: s.get(accept="text/html"), 406),
    "form.media-type": (lambda s: s.post(s.ivr(), content_type="text/plain"), 415),
    "auth.first": (lambda s: s.post(b"{", authorization=None), 401),
    "ctc.own-members": (ctc(f"{ITEM}.callbackData", "x"), 400),
    "valid.malformed-json": (lambda s: s.post(b"{"), 400),
    "valid.malformed-xml": (lambda s: s.post(b"<request>", form="xml"), 400),
    "xml.doctype": (lambda s: s.post(b"<!DOCTYPE request><request/>", form="xml"), 400),
    "valid.required": (ivr(f"{ITEM}.scenarioId", ABSENT), 400),
    "valid.type": (ivr(f"{ITEM}.scenarioId", 5), 400),
    "valid.empty-list": (ivr("messages", []), 400),
    "valid.destination": (ivr(f"{ITEM}.destinations[0].to", "abc"), 400),
    "valid.from-ivr": (ivr(f"{ITEM}.from", "123456789012345"), 400),
    "valid.from-ctc": (ctc(f"{ITEM}.fromB", "12"), 400),
    "valid.callback-data": (ivr(f"{ITEM}.callbackData", "x" * 201), 400),
    "valid.ids": (ivr("bulkId", "x" * 101), 400),
    "valid.time-unit": (ivr(f"{ITEM}.sendingSpeed", {"speed": 1, "timeUnit": "week"}), 400),
    "valid.notify-type": (ivr(f"{ITEM}.notifyContentType", "text/plain"), 400),
    "valid.notify-url": (ivr(f"{ITEM}.notifyUrl", "nowhere"), 400),
    "valid.send-at": (ivr(f"{ITEM}.sendAt", "tomorrow"), 400),
    "valid.minimum": (ivr(f"{ITEM}.validityPeriod", 0), 400),
    "valid.unknown-member": (ivr(f"{ITEM}.surprise", 1), 400),
    "valid.parameter-names": (ivr(f"{ITEM}.parameters", {"not a name": "x"}), 400),
    "valid.limit": (lambda s: s.get(limit=0), 400),
    "valid.filter": (lambda s: s.get(query="bulkId="), 400),
    "valid.unknown-query": (lambda s: s.get(query="surprise=1"), 400),
    "valid.repeated-query": (lambda s: s.get(query="limit=1&limit=2"), 400),
    "size.too-large": (lambda s: s.post(s.post(s.ivr()).body + b" " * MAX_BODY), 413),
    "size.too-many": (ivr(f"{ITEM}.destinations", [{"to": "999100000001"}] * 20_001), 400),
    "valid.retry-whole": (ivr(f"{ITEM}.retry", {"maxCount": 1}), 400),
    "valid.pause": (ivr(f"{ITEM}.pause", 11), 400),
    "valid.content-version": (ivr(f"{ITEM}.notifyContentVersion", 3), 400),
    "valid.scenario": (ivr(f"{ITEM}.scenarioId", ""), 400),
    "valid.texts": (ivr("bulkId", "a\x01"), 400),
    "valid.spoken": (ctc(f"{ITEM}.language", ""), 400),
    "valid.choices": (ctc(f"{ITEM}.voice", {"gender": "robot"}), 400),
    "valid.audio": (ctc(f"{ITEM}.audioFileUrl", "ftp://127.0.0.1/a.mp3"), 400),
    "valid.window-days": (ivr(f"{ITEM}.deliveryTimeWindow", {"days": ["MONDAY", "MONDAY"]}), 400),
    "valid.window-open": (ivr(f"{ITEM}.deliveryTimeWindow", {"days": ["MONDAY"], "from": SIX, "to": SIX}), 400),
    "valid.window": (ivr(f"{ITEM}.deliveryTimeWindow", {"days": ["monday"]}), 400),
}
"""Rules about one cause to refuse: a request, and the status that it should get."""

TAKEN: dict[str, Callable[[Stage], Request]] = {
    "auth.scheme-case": lambda s: s.post(s.ivr(), authorization=credentials.LOWER_CASE),
    "auth.second-scheme": lambda s: s.post(s.ivr(), authorization=credentials.SECOND),
    "status.launched": lambda s: s.post(s.ivr()),
    "form.charset": lambda s: s.post(s.ivr(), content_type="application/json; charset=utf-8"),
    "form.case": lambda s: s.post(s.ivr(), content_type="Application/JSON"),
    "valid.callback-points": ivr(f"{ITEM}.callbackData", "😀" * 200),
    "valid.longest-ids": ivr("bulkId", "x" * 100),
    "valid.odd-ids": ivr("bulkId", "ü <b>"),
    "valid.members": ivr(f"{ITEM}.parameters", {"foo": "bar"}),
    "clamp.max-count": ivr(f"{ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 5}),
    "clamp.validity": ivr(f"{ITEM}.validityPeriod", 2881),
    "clamp.periods": ivr(f"{ITEM}.retry", {"minPeriod": 7, "maxPeriod": 7, "maxCount": 1}),
    "clamp.retry-members": ivr(f"{ITEM}.retry", {"maxCount": 2}),
    "clamp.past": ivr(f"{ITEM}.sendAt", "2016-07-07T17:00:00.000+01:00"),
    "clamp.send-at-colon": ivr(f"{ITEM}.sendAt", "2016-07-07T17:00:00.000+01:00"),
    "clamp.send-at-plain": ivr(f"{ITEM}.sendAt", "2016-07-07T17:00:00.000+0100"),
    "clamp.send-at-z": ivr(f"{ITEM}.sendAt", "2016-07-07T17:00:00Z"),
    "clamp.empty-notify-url": ivr(f"{ITEM}.notifyUrl", ""),
    "clamp.warning": ctc(f"{ITEM}.warningTime", 5),
    "clamp.record-text": ctc(f"{ITEM}.record", "true"),
    "clamp.record-boolean": ctc(f"{ITEM}.record", True),
    "clamp.same-number": ivr(f"{ITEM}.destinations", [{"to": "999100000001"}] * 2),
    "ctc.nothing-to-play": lambda s: s.post(s.ctc(), CTC),
    "ctc.language": ctc(f"{ITEM}.text", "Hello"),
    "ctc.anonymization": ctc(f"{ITEM}.anonymization", True),
    "ctc.durations": lambda s: s.post(changed(s.ctc(), {f"{ITEM}.maxDuration": 60, f"{ITEM}.warningTime": 5}), CTC),
    "size.fits": lambda s: s.post(s.post(s.ivr()).body + b" " * 3_000_000),
    "size.most": ivr(f"{ITEM}.destinations", [{"to": "999100000001"}] * 20_000),
}
"""Rules about what is accepted although it looks odd: a request."""


def refused_pair(rule: str) -> Pair:
    make, status = REFUSED[rule]
    s = stage("2026" if rule == "valid.retry-whole" else "seeds")
    wrong = reports() if s.get().path == make(s).path else document({"messages": []})
    return Record().add(make(s), refusal(status)), Record().add(make(s), wrong)


def taken_pair(rule: str) -> Pair:
    s = stage()
    plain_ivr, plain_ctc = s.post(s.ivr()), s.post(s.ctc(), CTC)
    good, bad = Record(), Record()
    for record in (good, bad):
        record.add(plain_ivr, launched(plain_ivr)).add(plain_ctc, launched(plain_ctc))
    request = TAKEN[rule](s)
    return good.add(request, launched(request)), bad.add(request, refusal(400))


def one(request: Request, good: Answer | None, bad: Answer | None) -> Pair:
    return Record().add(request, good), Record().add(request, bad)


def without(answer: Answer, name: str) -> Answer:
    return Answer(answer.status, tuple(field for field in answer.headers if field[0] != name), answer.body)


def body(answer: Answer, old: bytes, new: bytes) -> Answer:
    assert old in answer.body
    return Answer(answer.status, answer.headers, answer.body.replace(old, new))


def typed(answer: Answer, content_type: str) -> Answer:
    return Answer(answer.status, (("Content-Type", content_type),), answer.body)


def forms() -> dict[str, Pair]:
    """Rules about the form of one answer."""
    s = stage()
    get, get_xml = s.get(), s.get(accept=XML)
    post = s.post(s.ivr(2, bulk="b"))
    post_xml = s.post(s.ivr(2, bulk="b"), accept=XML)
    by_xml = s.post(s.ivr(1), form="xml")
    bad_get, bad_xml = s.get(limit=0), s.get(limit=0, accept=XML)
    r = report("m1")
    in_xml = reports(r, form=XML)
    entry = {"to": "999100000001", "status": ACCEPTED, "messageId": "m1"}
    xml_entry = document({"messages": [entry]}, 200, XML, "VoiceResponse")
    odd = {"requestError": {"serviceException": {"messageId": "WRONG", "text": "x"}}}
    misspelt = ivr("bulkid", "x")(s)
    named = {"bulkid": ["unknown member; did you mean bulkId?"]}
    listed = {
        "requestError": {"serviceException": {"messageId": "BAD_REQUEST", "text": "x", "validationErrors": named}}
    }
    other = json.loads(json.dumps(listed).replace('"bulkid":', '"elsewhere":'))
    commented = s.post(by_xml.body.replace(b"<request>", b"<request><bulkId>one-<!-- and -->two</bulkId>"), form="xml")
    in_letters = reports(report("é"))
    in_letters = Answer(200, in_letters.headers, json.dumps(json.loads(in_letters.body), ensure_ascii=False).encode())

    outside = s.post(changed(s.ivr(2), {f"{ITEM}.destinations[1].to": "abc"}))

    def refusing_at(path: str) -> Answer:
        return document(json.loads(json.dumps(listed).replace("bulkid", path)), 400)

    def launched_as(bulk: str) -> Answer:
        return document({"bulkId": bulk, "messages": [entry]}, 200, XML, "VoiceResponse")

    unsuggested = json.loads(json.dumps(listed).replace("bulkId?", "it?"))
    return {
        "auth.accepted": one(get, reports(), refusal(401)),
        "auth.challenge": one(s.get(authorization=None), refusal(401), without(refusal(401), "WWW-Authenticate")),
        "status.answered": one(get, reports(), None),
        "status.documented": one(get, reports(), document({}, 418)),
        "status.no-fault": one(get, reports(), refusal(500)),
        "status.fetched": one(get, reports(), refusal(404)),
        "status.error-kind": one(bad_get, refusal(400), document(odd, 400)),
        "status.assumed-kind": one(s.get(path="/nothing"), refusal(404), document(odd, 404)),
        "method.allow": one(s.get(method="PUT"), refusal(405), refusal(405, Allow="POST")),
        "form.json": one(get, reports(), reports(form=XML)),
        "form.xml": one(get_xml, reports(form=XML), reports()),
        "form.refusal": one(bad_xml, refusal(400, XML), refusal(400)),
        "form.mirrored": one(s.get(accept=None), reports(), reports(form=XML)),
        "form.weights": one(s.get(accept=f"{JSON};q=0.1, {XML}"), reports(form=XML), reports()),
        "form.not-acceptable-json": one(s.get(accept="text/html"), refusal(406), refusal(406, XML)),
        "form.odd-get": one(s.get(body=b"false"), reports(), refusal(415)),
        "xml.well-formed": one(get_xml, in_xml, body(in_xml, b"</reportResponse>", b"")),
        "xml.utf-8": one(get_xml, in_xml, typed(in_xml, "application/xml; charset=iso-8859-1")),
        "xml.root": one(
            bad_xml, refusal(400, XML), Answer(400, (("Content-Type", XML),), b"<requestError><serviceException>"
            b"<messageId>BAD_REQUEST</messageId><text>x</text></serviceException></requestError>"),
        ),
        "xml.items": one(get_xml, in_xml, body(body(in_xml, b"<result>", b"<results>"), b"</result>", b"</results>")),
        "xml.items-2026": one(
            get_xml, body(body(in_xml, b"<result>", b"<results>"), b"</result>", b"</results>"), in_xml
        ),
        "xml.messages": one(
            post_xml, xml_entry, body(body(xml_entry, b"<message>", b"<messages>"), b"</message>", b"</messages>")
        ),
        "xml.price": one(get_xml, in_xml, body(in_xml, b"pricePerMessage", b"pricePerSecond")),
        "xml.price-2026": one(get_xml, body(in_xml, b"pricePerMessage", b"pricePerSecond"), in_xml),
        "xml.empty-list": one(get_xml, reports(form=XML), body(reports(form=XML), b"<results/>", b"")),
        "xml.repeated": one(get_xml, in_xml, body(in_xml, b"<duration>", b"<duration>1</duration><duration>")),
        "xml.values": one(get_xml, in_xml, body(in_xml, b"<duration>10", b"<duration>ten")),
        "xml.refusal": one(bad_xml, refusal(400, XML), body(refusal(400, XML), b"<text>No</text>", b"")),
        "xml.text": one(commented, launched_as("one-two"), launched_as("one-")),
        "xml.accepted": one(by_xml, xml_entry, refusal(415, XML)),
        "json.well-formed": one(get, reports(r), body(reports(r), b"0.01", b"NaN")),
        "json.members": one(get, reports(r), body(reports(r), b'"duration": 10', b'"duration": 10, "duration": 11')),
        "json.utf-8": one(get, reports(r), body(reports(r), b"EUR", b"\xff")),
        "json.launched": one(post, launched(post), launched(post, messages=[{}])),
        "json.reports": one(get, reports(r), reports(report("m1", duration="ten"))),
        "json.refusal": one(bad_get, refusal(400), document({"error": "no"}, 400)),
        "valid.largest-limit": one(s.get(limit=2147483647), reports(), refusal(400)),
        "valid.paths": one(misspelt, document(listed, 400), document(other, 400)),
        "valid.places": one(
            outside, refusing_at(f"{ITEM}.destinations[1].to"), refusing_at(f"{ITEM}.destinations[2].to")
        ),
        "valid.nearest-member": one(misspelt, document(listed, 400), document(unsuggested, 400)),
        "once.empty": one(get, reports(), document({}, 404)),
        "head.content-type": one(get, reports(), typed(reports(), "text/html")),
        "head.refusal-type": one(bad_get, refusal(400), typed(refusal(400), "text/html")),
        "head.other-type": one(s.get(path="/nothing"), refusal(404), typed(refusal(404), "text/html")),
        "head.coding": one(get, reports(), reports(Content_Encoding="gzip", Cache_Control="no-store") and Answer(
            200, (("Content-Type", JSON), ("Content-Encoding", "gzip")), b"\x1f\x8bbroken")),
        "head.length": one(get, in_letters, Answer(200, in_letters.headers, in_letters.body[:-1])),
        "size.line": one(s.get(bulkId="é" * 100, messageId="é" * 100), reports(), refusal(400)),
        "head.no-store": one(get, reports(), reports(Cache_Control="max-age=60")),
        "head.retry-after": one(
            get, document({}, 429, Retry_After="1"), document({}, 429, Retry_After="soon")
        ),
    }  # fmt: skip


def ids() -> dict[str, Pair]:
    """Rules about what a launch is told."""
    s = stage()
    named, two, single = s.post(s.ivr(2, bulk="b", ids=["m1", "m2"])), s.post(s.ivr(2)), s.post(s.ivr(1))
    pair = s.post(s.ctc(2), CTC)

    def entries(request: Request, **other: Any) -> list[dict[str, Any]]:
        return [{**entry, **other} for entry in json.loads(launched(request).body)["messages"]]

    again = s.post(s.ivr(2, bulk="b", ids=["m1", "m1"]))
    one_id = s.post(s.ivr(1, bulk="b", ids=["m1"]))
    kit_e, kit_f = s.post(s.ivr(1, ids=["kit-e"])), s.post(s.ivr(1, ids=["KIT-E"]))
    rejected = launched(one_id, messages=entries(one_id, status=REJECTED))
    second_rejected = [entries(again)[0], {**entries(again)[1], "status": REJECTED}]
    odd = {**ACCEPTED, "id": 7}
    same = launched(single, messages=entries(single, messageId="same"))
    return {
        "ids.bulk": one(named, launched(named), launched(named, bulkId="other")),
        "ids.bulk-made": one(two, launched(two), launched(two, bulkId=None)),
        "ids.bulk-omitted": one(single, launched(single), launched(single, bulkId="made")),
        "ids.message": one(named, launched(named), launched(named, messages=entries(named, messageId="other"))),
        "ids.message-made": one(two, launched(two), launched(two, messages=entries(two, messageId=""))),
        "ids.unique": (
            Record().add(single, launched(single)),
            Record().add(single, same).add(s.post(s.ivr(1)), same),
        ),
        "ids.entries": one(two, launched(two), launched(two, messages=entries(two)[:1])),
        "ids.numbers": one(two, launched(two), launched(two, messages=entries(two, to="999100999999"))),
        "ids.order": one(two, launched(two), launched(two, messages=entries(two)[::-1])),
        "ids.twice": one(again, launched(again, messages=second_rejected), launched(again)),
        "ids.known": (
            Record().add(one_id, launched(one_id)).add(one_id, rejected),
            Record().add(one_id, launched(one_id)).add(one_id, launched(one_id)),
        ),
        "ids.new": (
            Record().add(kit_e, launched(kit_e)).add(kit_f, launched(kit_f)),
            Record().add(kit_e, launched(kit_e)).add(kit_f, launched(kit_f, messages=entries(kit_f, status=REJECTED))),
        ),
        "values.accepted": one(two, launched(two), launched(two, messages=entries(two, status=odd))),
        "ctc.entry": one(pair, launched(pair), launched(pair, messages=entries(pair, to="999100999999"))),
    }


def fetched(good: dict[str, Any], bad: dict[str, Any], launch: Request | None = None) -> Pair:
    """A launch of m1 in bulk b, and its report."""
    s = stage()
    launch = launch or s.post(s.ivr(1, bulk="b", ids=["m1"]))
    pair = []
    for other in (good, bad):
        record = Record().add(launch, launched(launch)).wait()
        pair.append(record.add(s.get(bulkId="b"), reports(report("m1", "b", **other))))
    return pair[0], pair[1]


def ended_as(outcome: str, good: dict[str, Any], bad: dict[str, Any], **item: Any) -> Pair:
    """A call whose number surely has an outcome, which its messageId names, and its report."""
    s = stage()
    name = f"kit-run-1-{outcome}"
    launch = s.post(s.ivr(1, bulk="b", ids=[name], **item))
    good_one, bad_one = (
        Record().add(launch, launched(launch)).wait().add(s.get(bulkId="b"), reports(report(name, "b", **other)))
        for other in (good, bad)
    )
    return good_one, bad_one


def recorded_both(first: str, second: str) -> Pair:
    """Two calls, whose recordings have addresses of their own, or one."""
    s = stage()
    launch = s.post(s.ivr(2, bulk="b", ids=["m1", "m2"], record=True))
    good, bad = (
        Record()
        .add(launch, launched(launch))
        .wait()
        .add(
            s.get(bulkId="b"),
            reports(report("m1", "b", recordedAudioFileUrl=first), report("m2", "b", recordedAudioFileUrl=other)),
        )
        for other in (second, first)
    )
    return good, bad


def values() -> dict[str, Pair]:
    """Rules about the values in reports."""
    s = stage()
    to = json.loads(s.post(s.ivr(1)).body)["messages"][0]["destinations"][0]["to"]

    def launch(**item: Any) -> Request:
        return s.post(s.ivr(1, bulk="b", ids=["m1"], **item))

    click = s.post(changed(s.ctc(1, bulk="b", ids=["m1"]), {f"{ITEM}.destinationA": "999100000009"}), CTC)
    error = {"groupId": 0, "groupName": "OK", "id": 5000, "name": "VOICE_ANSWERED"}
    failed = {"groupId": 3, "groupName": "OPERATOR_ERRORS", "id": 5002, "name": "EC_VOICE_USER_BUSY"}
    later = datetime.fromtimestamp(NOON + 5, UTC).isoformat(timespec="milliseconds")
    retry = launch(retry={"minPeriod": 1, "maxPeriod": 1, "maxCount": 1})
    ended, much_later = "2026-03-01T13:01:02.000+0100", "2026-03-01T13:04:00.000+0100"
    four = launch(retry={"minPeriod": 1, "maxPeriod": 1, "maxCount": 4}, validityPeriod=1)
    short = s.post(s.ctc(1, bulk="b", ids=["m1"], maxDuration=5), CTC)
    expired = {"duration": 0, "status": {"groupId": 4, "groupName": "EXPIRED", "id": 15, "name": "EXPIRED_EXPIRED"}}
    undeliverable = {"status": {"groupId": 2, "groupName": "UNDELIVERABLE", "id": 9}}
    rang = {
        **expired,
        "error": {**failed, "id": 5003, "name": "EC_VOICE_NO_ANSWER"},
        "doneAt": "2026-03-01T13:00:20.000+0100",
    }
    misnamed = {"groupId": 3, "groupName": "PENDING", "id": 5, "name": "DELIVERED_TO_HANDSET"}
    del to
    return {
        "ids.report-bulk": fetched({}, {"bulkId": "other"}),
        "ids.report-number": fetched({"to": "999100000009"}, {"to": "999100000008"}, s.post(
            changed(s.ivr(1, bulk="b", ids=["m1"]), {f"{ITEM}.destinations[0].to": "999100000009"}))),
        "values.times": fetched({}, {"sentAt": "2026-03-01T13:00:00.000+01:00"}),
        "values.time-order": fetched({}, {"doneAt": "2026-03-01T12:59:59.000+0100"}),
        "values.duration": fetched({}, {"duration": -1}),
        "values.final": fetched({}, {"status": {"groupId": 1, "groupName": "PENDING", "id": 26}}),
        "values.status-names": fetched({}, {"status": {"groupId": 3, "id": 5, "name": "SOMETHING"}}),
        "values.error-names": fetched({}, {"error": {**error, "name": "SOMETHING"}}),
        "values.errors": fetched({}, {"error": {**error, "id": 10000}}),
        "values.errors-2026": fetched({"error": {**error, "id": 10000}}, {"error": error}),
        "values.moment": fetched({}, {"sentAt": "2026-03-01T01:00:00.000+0100"}),
        "values.callback-data": fetched({"callbackData": "a&b"}, {"callbackData": "a&amp;b"}, launch(callbackData="a&b")),
        "json.text": fetched({"callbackData": "a😀"}, {"callbackData": "a?"}, launch(callbackData="a😀")),
        "values.unrecorded": fetched({}, {"recordedAudioFileUrl": "/x"}),
        "values.recordings": recorded_both("/1", "/2"),
        "values.group-names": fetched({}, {"status": misnamed}),
        "values.price": fetched({}, {"price": {"pricePerSecond": -1, "currency": "EUR"}}),
        "values.price-digits": fetched({}, {"price": {"pricePerSecond": 0.010000000000000009, "currency": "EUR"}}),
        "values.outcome": ended_as("busy", {**expired, "error": failed}, {**expired, "error": error}),
        "values.keys": ended_as("pressed", {"dtmfCodes": "42"}, {}),
        "time.at": fetched({"sentAt": "2026-03-01T13:00:06.000+0100"}, {"sentAt": much_later}, launch(sendAt=later)),
        "time.validity": fetched({"error": failed, "doneAt": ended}, {"error": failed, "doneAt": much_later}, four),
        "time.expired": fetched({"error": failed, **expired}, {"error": failed, **undeliverable}, four),
        "time.ring": ended_as("no-answer", rang, {**rang, "doneAt": "2026-03-01T13:02:00.000+0100"}, ringTimeout=20),
        "time.call-timeout": fetched({"duration": 5}, {"duration": 10}, launch(callTimeout=5)),
        "time.max-duration": fetched({"duration": 5}, {"duration": 10}, short),
        "values.recording": fetched({"recordedAudioFileUrl": "/x"}, {}, launch(record=True)),
        "ctc.not-recorded": fetched({}, {"recordedAudioFileUrl": "/x"}, s.post(
            s.ctc(1, bulk="b", ids=["m1"], record="false"), CTC)),
        "ctc.report": fetched({"to": "999100000009"}, {"to": "999100000008"}, click),
        "time.send-at": fetched({"sentAt": "2026-03-01T13:00:06.000+0100"}, {}, launch(sendAt=later)),
        "time.past": fetched({}, {"sentAt": "2016-07-07T17:00:00.000+0100"}, launch(sendAt="2016-07-07T17:00:00.000+01:00")),
        "time.redial": fetched({"error": failed, "doneAt": ended}, {"error": failed}, retry),
    }  # fmt: skip


def paced(second: str) -> Record:
    s = stage()
    launch = s.post(s.ivr(2, bulk="b", ids=["m1", "m2"], sendingSpeed={"speed": 1, "timeUnit": "second"}))
    first = report("m1", "b", sentAt="2026-03-01T13:00:00.000+0100")
    other = report("m2", "b", sentAt=f"2026-03-01T13:00:{second}+0100")
    return Record().add(launch, launched(launch)).wait().add(s.get(bulkId="b"), reports(first, other))


def shut(*found: dict[str, Any]) -> Record:
    return windowed({"days": ["SUNDAY"], "from": {"hour": 23, "minute": 0}, "to": {"hour": 23, "minute": 59}}, *found)


def windowed(window: dict[str, Any], *found: dict[str, Any]) -> Record:
    """A launch with a window, on a Sunday at noon, and the reports that are there soon after."""
    s = stage("2026")
    launch = s.post(s.ivr(1, bulk="b", ids=["m1"], deliveryTimeWindow=window))
    return Record().add(launch, launched(launch)).wait().add(s.get(bulkId="b"), reports(*found))


def pushed(
    *bodies: dict[str, Any], method: str = "POST", form: str = JSON, status: int = 200, to: str = "/push", **item: Any
) -> Record:
    """A launch with a `notifyUrl`, and what was pushed; a minute between two pushes."""
    s = stage()
    launch = s.post(s.ivr(1, bulk="b", ids=["m1"], notifyUrl="http://127.0.0.1:9/push", **item))
    record = Record().add(launch, launched(launch))
    for value in bodies:
        sent = document(value, 200, form, "VoiceReportResponse")
        push = Request(method, to, sent.headers, sent.body)
        record.add(push, Answer(status), script="push", direction="push").wait(60)
    return record.wait(300).add(s.get(bulkId="b"), reports())


def pushes() -> dict[str, Pair]:
    """Rules about pushes."""
    s = stage()
    flat, nested = {"results": [report("m1")]}, {"results": [{"messageId": "m1", "voiceCall": {}}]}
    data = {"results": [report("m1", callbackData="x")]}
    both = pushed(flat).add(s.get(bulkId="b"), reports(report("m1", "b")))
    return {
        "push.arrives": (pushed(flat), pushed()),
        "push.url": (pushed(flat), pushed(flat, to="/elsewhere")),
        "push.form": (pushed(flat), pushed(flat, form=XML)),
        "push.one": (pushed(flat), pushed({"results": [report("m1"), report("m1")]})),
        "push.flat": (pushed(flat), pushed(nested)),
        "push.nested": (pushed(nested), pushed(flat)),
        "push.callback-data": (pushed(data, callbackData="x"), pushed(flat, callbackData="x")),
        "push.not-fetched": (pushed(flat), both),
        "push.once": (pushed(flat), pushed(flat, flat)),
        "push.values": (pushed(flat), pushed({"results": [report("m1", "other")]})),
        "push.again": (pushed(flat, flat, status=503), pushed(flat, status=503)),
    }


def reading() -> dict[str, Pair]:
    """Rules about reports that are read: what is handed out, to whom, and what stays."""
    s = stage()
    launch = s.post(s.ivr(3, bulk="b", ids=["m1", "m2", "m3"]))
    other = s.post(s.ivr(1, bulk="c", ids=["n1"]))
    free = s.post(s.ivr(1, bulk="b", ids=["m9"]))
    many = s.post(s.ivr(51, bulk="b", ids=[f"m{index}" for index in range(51)]))
    m1, m2, m3, n1 = report("m1", "b"), report("m2", "b"), report("m3", "b"), report("n1", "c")
    whole, page = s.get(bulkId="b"), s.get(bulkId="b", limit=1)
    refused = s.get(bulkId="b", accept="text/html")

    def begun() -> Record:
        return Record().add(launch, launched(launch)).wait()

    def two() -> Record:
        return Record().add(launch, launched(launch)).add(other, launched(other)).wait()

    def full(count: int) -> Record:
        listed = [report(f"m{index}", "b") for index in range(count)]
        return Record().add(many, launched(many)).wait().add(whole, reports(*listed))

    taken = document({"messages": [{"to": "999100000001", "status": REJECTED, "messageId": "m9"}], "bulkId": "b"})
    rejected = Record().add(free, taken).wait()
    overlap = begun().add(whole, reports(m1, m2))
    launch_m9 = Record().add(free, launched(free))
    early = report("m1", "b", doneAt="2026-03-01T12:00:00.000+0100")
    return {
        "once.never-twice": (begun().add(whole, reports(m1)), begun().add(whole, reports(m1)).add(whole, reports(m1))),
        "once.nothing-missing": (begun().add(whole, reports(m1, m2, m3)), begun().add(whole, reports(m1, m2))),
        "once.refused-reads": (
            begun().add(page, reports(m1)).add(refused, refusal(406)).add(whole, reports(m2, m3)),
            begun().add(page, reports(m1)).add(refused, refusal(406)).add(whole, reports()),
        ),
        "once.other-methods": (
            begun().add(page, reports(m1)).add(s.get(bulkId="b", method="HEAD"), refusal(405)).add(whole, reports(m2, m3)),
            begun().add(page, reports(m1)).add(s.get(bulkId="b", method="HEAD"), refusal(405)).add(whole, reports()),
        ),
        "once.refused-launches": (
            Record().add(s.post(json.loads(free.body), authorization=None), refusal(401)).add(free, launched(free)),
            Record().add(s.post(json.loads(free.body), authorization=None), refusal(401)).add(free, taken),
        ),
        "once.rejected": (
            Record().add(free, taken).wait().add(s.get(messageId="m9"), reports()),
            rejected.add(s.get(messageId="m9"), reports(report("m9", "b"))),
        ),
        "filter.oldest": (
            begun().add(page, reports(early)).add(page, reports(m2)),
            begun().add(page, reports(m2)).add(page, reports(early)),
        ),
        "once.oldest-first": (begun().add(whole, reports(early, m2)), begun().add(whole, reports(m2, early))),
        "filter.bulk": (two().add(whole, reports(m1)), two().add(whole, reports(m1, n1))),
        "filter.message": (
            begun().add(s.get(messageId="m1"), reports(m1)), begun().add(s.get(messageId="m1"), reports(m1, m2))
        ),
        "filter.both": (
            two().add(s.get(bulkId="b", messageId="n1"), reports()), two().add(s.get(bulkId="b", messageId="n1"), reports(n1))
        ),
        "filter.finds": (
            begun().add(whole, reports(m1, m2, m3)), begun().add(whole, reports()).add(s.get(), reports(m1, m2, m3))
        ),
        "filter.leaves-others": (
            two().add(whole, reports(m1, m2, m3)).add(s.get(bulkId="c"), reports(n1)),
            two().add(whole, reports(m1, m2, m3)).add(s.get(bulkId="c"), reports()),
        ),
        "filter.limit": (begun().add(page, reports(m1)), begun().add(page, reports(m1, m2))),
        "filter.default": (full(50), full(51)),
        "filter.limit-leaves-rest": (
            begun().add(page, reports(m1)).add(whole, reports(m2, m3)), begun().add(page, reports(m1)).add(whole, reports())
        ),
        "filter.whole-pages": (
            begun().add(whole, reports(m1, m2, m3)), begun().add(whole, reports(m1)).add(whole, reports(m2, m3))
        ),
        "ids.whole": (begun().add(whole, reports(m1)), begun().add(whole, reports(report("m", "b")))),
        "ids.no-phantom": (begun().add(whole, reports(m1)), begun().add(whole, reports(report("m7", "b")))),
        "together.readers": (
            begun().add(whole, reports(m1)).add(whole, reports(m2), together=True),
            overlap.add(whole, reports(m2, m3), together=True),
        ),
        "together.launches": (
            Record().add(free, launched(free)).add(free, taken, together=True),
            launch_m9.add(free, launched(free), together=True),
        ),
        "together.all": (
            begun().add(page, reports(m1)).add(page, reports(m2), together=True).add(whole, reports(m3)),
            begun().add(page, reports(m1)).add(page, reports(), together=True).add(whole, reports()),
        ),
        "together.own": (
            Record().add(free, launched(free)).add(other, launched(other), together=True),
            Record().add(free, launched(free)).add(other, launched(other, bulkId="b"), together=True),
        ),
        "together.served": (
            begun().add(page, reports(m1)).add(page, reports(m2)).add(page, reports(m3), together=True),
            begun().add(page, reports(m1)).add(page, reports(m2)).add(page, refusal(500), together=True),
        ),
    }  # fmt: skip


def examples() -> dict[str, Pair]:
    """Return the pair of every rule, by its id."""
    return {
        **{rule: refused_pair(rule) for rule in REFUSED},
        **{rule: taken_pair(rule) for rule in TAKEN},
        **forms(),
        **ids(),
        **values(),
        **pushes(),
        **reading(),
        "time.pace": (paced("01.000"), paced("00.000")),
        "time.window": (shut(), shut(report("m1", "b"))),
        "time.window-open": (windowed({"days": ["SUNDAY"]}, report("m1", "b")), windowed({"days": ["SUNDAY"]})),
    }
