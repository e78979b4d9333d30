"""What the mock keeps, as the JSON values that `control.json` describes."""

from decimal import Decimal
from typing import Any

import msgspec

from infobip_voice_mock.faults import Fault
from infobip_voice_mock.pushes import Push
from infobip_voice_mock.request_log import LoggedRequest
from infobip_voice_mock.simulation import Call, life
from infobip_voice_mock.store import Message, ReportState
from infobip_voice_mock.tenants import Tenant
from infobip_voice_mock.windows import DAY_MINUTES, DAYS, Window

__all__ = ["call_view", "clock_view", "fault_view", "push_view", "report_view", "request_view", "tenant_view"]

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
        "dropped": tenant.store.dropped,
        "faults": len(tenant.faults.all()),
    }


def clock_view(tenant: Tenant) -> dict[str, Any]:
    """Show the clock of an account, and when the next event is due."""
    due = tenant.next_due()
    now = tenant.clock.now().isoformat()
    return {"mode": tenant.clock.mode, "now": now, "nextDue": due.isoformat() if due is not None else None}


def call_view(tenant: Tenant, call: Call, state: ReportState) -> dict[str, Any]:
    """Show a call: its effective settings, every event of its life, and where its report is."""
    now, terms = tenant.clock.now(), call.terms
    redial = terms.redial
    effective = {
        "start": call.start.isoformat(),
        "ends": terms.expires.isoformat() if terms.expires is not None else None,
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
        "effective": effective,
        "events": [
            {**event._asdict(), "at": event.at.isoformat(), "happened": event.at <= now} for event in life(call).events
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


def push_view(push: Push) -> dict[str, Any]:
    """Show a push with its attempts."""
    attempts = [{"at": each.at.isoformat(), "status": each.status, "error": each.error} for each in push.attempts]
    return {"id": push.id, "messageId": push.message_id, "url": push.url, "state": push.state, "attempts": attempts}


def request_view(logged: LoggedRequest) -> dict[str, Any]:
    """Show a logged request."""
    return {**logged._asdict(), "at": logged.at.isoformat()}


def fault_view(fault: Fault) -> dict[str, Any]:
    """Show a fault; an option that was not given is left out."""
    return {name: value for name in _FAULT_MEMBERS if (value := getattr(fault, name)) is not None}
