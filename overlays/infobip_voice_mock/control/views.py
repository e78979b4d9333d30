"""What the mock keeps, as the JSON values that `control.json` describes."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from infobip_voice_mock.faults import Fault
from infobip_voice_mock.pushes import Push
from infobip_voice_mock.request_log import LoggedRequest, RequestLog
from infobip_voice_mock.simulation import Call, life
from infobip_voice_mock.store import Message, ReportState
from infobip_voice_mock.tenant import Tenant
from infobip_voice_mock.windows import DAY_MINUTES, DAYS, Window

__all__ = [
    "call_view",
    "clock_view",
    "fault_view",
    "log_view",
    "push_view",
    "report_view",
    "request_view",
    "stray_view",
    "tenant_view",
]

_FAULT_MEMBERS = (
    "id", "kind", "operation", "first", "every", "probability", "seed", "seconds", "status", "seen", "struck",
)  # fmt: skip


def tenant_view(tenant: Tenant) -> dict[str, Any]:
    """Show an account, with its clock and how many reports there are in each state."""
    return {
        "name": tenant.name,
        "edition": tenant.edition.name,
        "clock": clock_view(tenant),
        "pushedReports": "push-and-pull" if tenant.push_and_pull else "push-only",
        "reports": tenant.store.counts(),
        "forgotten": tenant.store.forgotten,
        "faults": len(tenant.faults.all()),
        "requestLog": log_view(tenant.request_log),
    }


def clock_view(tenant: Tenant) -> dict[str, Any]:
    """Show the clock of an account, and when the next event is due."""
    due = tenant.next_due()
    return {
        "mode": tenant.clock.mode,
        "now": _moment(tenant, tenant.clock.now()),
        "nextDue": None if due is None else _moment(tenant, due),
    }


def call_view(tenant: Tenant, call: Call, state: ReportState) -> dict[str, Any]:
    """Show a call: its effective settings, every event of its life, and where its report is."""
    now, terms = tenant.clock.now(), call.terms
    redial = terms.redial
    effective = {
        "start": _moment(tenant, call.start),
        "ends": None if terms.expires is None else _moment(tenant, terms.expires),
        "retry": dict(zip(("minPeriod", "maxPeriod", "maxCount"), redial, strict=True)) if redial is not None else None,
        "record": terms.record,
        "maxDuration": terms.max_duration,
        "warningTime": terms.warning_time,
        "notifyUrl": terms.notify_url or None,
        "notifyContentVersion": terms.notify_content_version or tenant.edition.pushed_version,
        "ringTimeout": terms.ring_timeout,
        "callTimeout": terms.call_timeout,
        "pause": terms.pause,
        "machineDetection": "hangup" if terms.machine_detection else None,
        "deliveryTimeWindow": _window_view(terms.window) if terms.window is not None else None,
    }
    return {
        "messageId": call.message_id,
        "bulkId": call.bulk_id,
        "to": call.to,
        "destinationB": call.b,
        "state": state.value,
        "acceptedAt": _moment(tenant, call.accepted),
        "request": call.request,
        "sent": call.sent(),
        "effective": effective,
        "events": [
            {**event._asdict(), "at": _moment(tenant, event.at), "happened": event.at <= now}
            for event in life(call).events
        ],
    }


def _window_view(window: Window) -> dict[str, Any]:
    closes = window.closes if window.closes <= DAY_MINUTES else window.closes - DAY_MINUTES
    begin, end = (f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (window.opens, closes))
    return {"days": [DAYS[number] for number in sorted(window.days)], "from": begin, "to": end}


def report_view(tenant: Tenant, message: Message) -> dict[str, Any]:
    """Show the report of a message, whether or not it has been handed out."""
    report = msgspec.to_builtins(tenant.report(message), builtin_types=(Decimal,))
    return {"messageId": message.message_id, "state": message.state.value, "report": report}


def push_view(tenant: Tenant, push: Push) -> dict[str, Any]:
    """Show a push with what it carries and its attempts."""
    attempts = [{**each._asdict(), "at": _moment(tenant, each.at)} for each in push.attempts]
    return {
        "id": push.id,
        "messageId": push.message_id,
        "url": push.url,
        "state": push.state,
        "at": _moment(tenant, push.at),
        "reason": push.reason,
        "headers": _fields(push.headers.items()),
        "body": push.body.decode(errors="replace"),
        "attempts": attempts,
    }


def request_view(tenant: Tenant, logged: LoggedRequest) -> dict[str, Any]:
    """Show a request of an account."""
    return _logged(logged, tenant.clock.local)


def stray_view(logged: LoggedRequest) -> dict[str, Any]:
    """Show a request that names no account that exists."""
    return _logged(logged, lambda moment: moment)


def log_view(log: RequestLog) -> dict[str, int]:
    """Show how much there is in a log, and how much was dropped."""
    return {"kept": len(log), "bytes": log.bytes, "dropped": log.dropped}


def _logged(logged: LoggedRequest, local: Callable[[datetime], datetime]) -> dict[str, Any]:
    return {
        "number": logged.number,
        "at": local(logged.at).isoformat(),
        "receivedAt": local(logged.received_at).isoformat(),
        "method": logged.method,
        "target": logged.target,
        "headers": _fields(logged.fields()),
        "body": logged.text(),
        "bodyBytes": logged.body_bytes,
        "cut": logged.cut,
        "status": logged.status,
        "reason": logged.reason,
        "fault": logged.fault,
    }


def _fields(fields: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in fields]


def _moment(tenant: Tenant, moment: datetime) -> str:
    """Write a moment in the zone of the account's clock, whatever zone it came with."""
    return tenant.clock.local(moment).isoformat()


def fault_view(fault: Fault) -> dict[str, Any]:
    """Show a fault; an option that was not given is left out."""
    return {name: value for name in _FAULT_MEMBERS if (value := getattr(fault, name)) is not None}
