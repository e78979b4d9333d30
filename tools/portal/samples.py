"""Code samples of each operation in four languages, made from the contract's examples.

A sample takes host and credentials from the environment: `INFOBIP_BASE_URL`, `INFOBIP_USERNAME` and
`INFOBIP_PASSWORD`. Whoever pastes one without setting them calls nobody.
"""

import json
import re
import textwrap
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

__all__ = ["Sample", "push_samples", "samples"]

Json = dict[str, Any]
GROUPS = {"launchOutboundIvr": "ivr", "launchClickToCall": "click_to_call"}
SPECIAL = {"from": "from_", "destinations": "to", "retry": "redial"}

PARSE_PUSH = """\
from infobip_voice import parse_push

body = rb\"\"\"{body}\"\"\"
pushed = parse_push(body, "application/json")
for report in pushed:
    print(report.message_id, report.delivered, report.price)
print(len(pushed.unreadable), "not understood")
"""


class Sample(NamedTuple):
    """One sample: its language as highlighters name it, the label of its tab, and its text."""

    language: str
    label: str
    source: str


def samples(path: str, operation: Json) -> list[Sample]:
    """Return the samples of one operation."""
    content = operation.get("requestBody", {}).get("content", {})
    bodies = {kind: next(iter(body["examples"].values()))["value"] for kind, body in content.items()}
    if not bodies:
        return [
            Sample("bash", "curl", _curl_get(path, operation, "application/json")),
            Sample("bash", "curl (XML)", _curl_get(path, operation, "application/xml")),
            Sample("python", "Python", _python_drain(operation)),
            Sample("python", "Python (async)", _python_async_drain(operation)),
            Sample("javascript", "JavaScript", _javascript_get(path, operation)),
            Sample("php", "PHP", _php_get(path, operation)),
        ]
    body = bodies["application/json"]
    text = json.dumps(body, indent=2, ensure_ascii=False)
    return [
        Sample("bash", "curl", _curl_post(path, "application/json", text)),
        Sample("bash", "curl (XML)", _curl_post(path, "application/xml", bodies["application/xml"].rstrip())),
        Sample("python", "Python", _python_launch(operation["operationId"], body)),
        Sample("python", "Python (async)", _python_async_launch(operation["operationId"], body)),
        Sample("javascript", "JavaScript", _javascript_post(path, body)),
        Sample("php", "PHP", _php_post(path, text)),
    ]


def push_samples(operation: Json) -> list[Sample]:
    """Return the samples of a webhook: send its example to a receiver of yours, and read it."""
    content = operation["requestBody"]["content"]
    bodies = {kind: next(iter(body["examples"].values()))["value"] for kind, body in content.items()}
    text = json.dumps(bodies["application/json"], indent=2, ensure_ascii=False)
    return [
        Sample("bash", "curl", _curl_push("application/json", text)),
        Sample("bash", "curl (XML)", _curl_push("application/xml", bodies["application/xml"].rstrip())),
        Sample("python", "Python", PARSE_PUSH.format(body=text)),
    ]


def _curl_push(media_type: str, body: str) -> str:
    return f"curl \"$RECEIVER_URL\" \\\n  --header 'Content-Type: {media_type}' \\\n  --data '{body}'\n"


def _curl_post(path: str, media_type: str, body: str) -> str:
    return (
        f'curl "$INFOBIP_BASE_URL{path}" \\\n'
        '  --user "$INFOBIP_USERNAME:$INFOBIP_PASSWORD" \\\n'
        f"  --header 'Content-Type: {media_type}' \\\n"
        f"  --header 'Accept: {media_type}' \\\n"
        f"  --data '{body}'\n"
    )


def _curl_get(path: str, operation: Json, media_type: str) -> str:
    return (
        f'curl "$INFOBIP_BASE_URL{path}?limit={_limit(operation)}" \\\n'
        '  --user "$INFOBIP_USERNAME:$INFOBIP_PASSWORD" \\\n'
        f"  --header 'Accept: {media_type}'\n"
    )


def _limit(operation: Json) -> int:
    [example] = [parameter["example"] for parameter in operation["parameters"] if parameter["name"] == "limit"]
    return int(example)


def _javascript_post(path: str, body: Json) -> str:
    literal = re.sub(r'"([A-Za-z]+)":', r"\1:", json.dumps(body, indent=2, ensure_ascii=False)).replace("\n", "\n  ")
    return _javascript(
        path, f'method: "POST",\n  headers: {{ "Content-Type": "application/json", Authorization: authorization }},\n'
        f"  body: JSON.stringify({literal}),", "// No answer? The telephones may be ringing: do not send it again.\n"
    )  # fmt: skip


def _javascript_get(path: str, operation: Json) -> str:
    return _javascript(
        f"{path}?limit={_limit(operation)}", "headers: { Accept: \"application/json\", Authorization: authorization },",
        "// No answer? These reports may be gone: the next request returns others.\n"
    )  # fmt: skip


def _javascript(path: str, options: str, danger: str) -> str:
    return (
        "const { INFOBIP_BASE_URL, INFOBIP_USERNAME, INFOBIP_PASSWORD } = process.env;\n"
        'const authorization = "Basic " + btoa(`${INFOBIP_USERNAME}:${INFOBIP_PASSWORD}`);\n\n'
        f"{danger}"
        f"const response = await fetch(`${{INFOBIP_BASE_URL}}{path}`, {{\n  {options}\n}});\n"
        "if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);\n"
        "console.log(await response.text());\n"
    )


def _php_post(path: str, body: str) -> str:
    return _php(
        f"'{path}'",
        "POST",
        "'Content-Type: application/json'",
        f"    'content' => <<<'JSON'\n{body}\nJSON,\n",
        "The telephones may be ringing: do not send it again.",
    )


def _php_get(path: str, operation: Json) -> str:
    address = f"'{path}?limit={_limit(operation)}'"
    return _php(
        address, "GET", "'Accept: application/json'", "", "These reports may be gone: the next request returns others."
    )


def _php(address: str, method: str, header: str, content: str, danger: str) -> str:
    return (
        "<?php\n"
        "$credentials = base64_encode(getenv('INFOBIP_USERNAME') . ':' . getenv('INFOBIP_PASSWORD'));\n"
        "$context = stream_context_create(['http' => [\n"
        f"    'method' => '{method}',\n"
        f"    'header' => [\"Authorization: Basic $credentials\", {header}],\n"
        f"{content}"
        "    'ignore_errors' => true,\n"
        "    'follow_location' => 0,\n"
        "]]);\n"
        f"$answer = file_get_contents(getenv('INFOBIP_BASE_URL') . {address}, false, $context);\n"
        "if ($answer === false) {\n"
        f"    throw new RuntimeException('No answer. {danger}');\n"
        "}\n"
        "if (!str_contains($http_response_header[0], ' 200')) {\n"
        "    throw new RuntimeException($http_response_header[0] . ' ' . $answer);\n"
        "}\n"
        "echo $answer;\n"
    )


def _python_drain(operation: Json) -> str:
    return (
        "from infobip_voice import VoiceClient\n\n"
        "with VoiceClient() as client:\n"
        f'    for report in client.reports.drain(spool="reports.db", limit={_limit(operation)}):\n'
        "        print(report)\n"
    )


def _python_async_drain(operation: Json) -> str:
    return _python_async(
        "from infobip_voice import AsyncVoiceClient\n",
        f'        async for report in client.reports.drain(spool="reports.db", limit={_limit(operation)}):\n'
        "            print(report)\n",
    )


def _python_launch(operation_id: str, body: Json) -> str:
    imports, arguments = _launch(body, "VoiceClient")
    return (
        f"{imports}\n"
        "with VoiceClient() as client:\n"
        f"    launch = client.{GROUPS[operation_id]}.launch(\n{arguments}    )\n"
        "    print(launch.accepted, launch.rejected)\n"
    )


def _python_async_launch(operation_id: str, body: Json) -> str:
    imports, arguments = _launch(body, "AsyncVoiceClient")
    return _python_async(
        imports,
        f"        launch = await client.{GROUPS[operation_id]}.launch(\n"
        f"{textwrap.indent(arguments, '    ')}        )\n"
        "        print(launch.accepted, launch.rejected)\n",
    )


def _python_async(imports: str, block: str) -> str:
    gap = "\n" if not imports.startswith("from datetime") else ""
    return (
        f"import asyncio\n{gap}{imports}\n\n"
        "async def main() -> None:\n"
        "    async with AsyncVoiceClient() as client:\n"
        f"{block}\n\n"
        "asyncio.run(main())\n"
    )


def _launch(body: Json, client: str) -> tuple[str, str]:
    """Return the imports and the arguments of a launch."""
    [message] = body["messages"]
    options = {**message, **{name: value for name, value in body.items() if name != "messages"}}
    arguments = "".join(f"        {_name(name)}={_value(name, value)},\n" for name, value in options.items())
    return "".join(_imports(options, client)), arguments


def _imports(options: Json, client: str) -> Iterator[str]:
    if "sendAt" in options:
        yield "from datetime import datetime\n\n"
    names = sorted([client, *(["Redial"] if "retry" in options else [])])
    yield f"from infobip_voice import {', '.join(names)}\n"
    if "sendingSpeed" in options:
        yield "from infobip_voice_client.models import SendingSpeed\n"


def _name(name: str) -> str:
    return SPECIAL.get(name) or re.sub(r"([A-Z])", r"_\1", name).lower()


def _value(name: str, value: Any) -> str:
    if name == "destinations":
        return json.dumps([destination["to"] for destination in value])
    if name == "sendAt":
        return f'datetime.fromisoformat("{datetime.fromisoformat(value).isoformat()}")'
    if name == "retry":
        return f"Redial({', '.join(f'{_name(key)}={item}' for key, item in value.items())})"
    if name == "sendingSpeed":
        return f'SendingSpeed({value["speed"]}, "{value["timeUnit"]}")'
    return repr(value) if isinstance(value, bool | int) else json.dumps(value, ensure_ascii=False)
