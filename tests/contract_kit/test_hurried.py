"""On a server written in a hurry the kit finds what is wrong, and nothing that is right."""

from contract_kit import hurried
from contract_kit.running import broken, tried

FAULTS = {
    # It answers XML that it made itself, and reads none.
    "xml.accepted": "fail", "xml.items": "fail", "xml.messages": "fail", "xml.repeated": "fail", "xml.price": "fail",
    "xml.empty-list": "warn", "form.refusal": "fail", "form.weights": "warn", "form.not-acceptable": "warn",
    "form.media-type": "warn",
    # It looks at no more than it needs.
    "valid.required": "fail", "valid.type": "fail", "valid.empty-list": "fail", "valid.destination": "fail",
    "valid.from-ivr": "fail", "valid.from-ctc": "fail", "valid.callback-data": "fail", "valid.ids": "warn",
    "valid.time-unit": "fail", "valid.notify-type": "fail", "valid.notify-url": "warn", "valid.send-at": "fail",
    "valid.minimum": "warn", "valid.unknown-member": "warn", "valid.nearest-member": "warn",
    "valid.parameter-names": "warn", "valid.limit": "warn", "valid.filter": "warn", "valid.unknown-query": "warn",
    "valid.repeated-query": "warn", "size.too-large": "warn", "size.too-many": "fail",
    "valid.scenario": "warn", "valid.spoken": "warn", "valid.texts": "warn", "valid.window-days": "warn",
    "valid.audio": "warn", "valid.choices": "fail", "valid.window-open": "warn", "form.case": "warn",
    "valid.content-version": "fail", "valid.pause": "warn", "valid.window": "fail",
    "ctc.own-members": "warn",
    # int() raises for a limit in letters.
    "status.no-fault": "fail", "status.error-kind": "fail",
    # Every answer to a request for reports forgets all reports, also those that it does not return.
    "once.nothing-missing": "fail", "filter.leaves-others": "fail", "filter.limit-leaves-rest": "fail",
    # An id may be used again and again.
    "ids.twice": "fail", "ids.known": "fail", "together.launches": "fail",
    # A launch of one call gets a bulkId.
    "ids.bulk-omitted": "warn",
    # isoformat() writes a colon into the offset.
    "values.times": "fail", "json.reports": "fail",
    # sendAt is ignored. So is record, but the reports that would tell are lost.
    "time.send-at": "fail",
    # The framework answers in its own words, and HEAD as GET.
    "auth.challenge": "warn", "auth.scheme-case": "warn", "status.assumed-kind": "warn", "status.precedence": "warn",
    "method.refused": "warn", "head.other-type": "warn", "head.no-store": "warn",
}  # fmt: skip
"""What is wrong with it, by the rules that have to say so: read from its source, one by one."""


def test_every_fault_is_found_and_nothing_else():
    """The rules that are broken are exactly those that the server breaks."""
    hurried.reports.clear()
    result = tried(hurried.app)
    assert result.code == 1
    assert broken(result) == FAULTS
