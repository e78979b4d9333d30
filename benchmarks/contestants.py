"""Make one small call with one library, as often as it is told: a process for each contestant.

    python benchmarks/contestants.py NAME URL

It runs in the contestant's own environment, so it imports nothing else. Each line of its input is a
number of calls; it makes them and prints the CPU seconds that they took.
"""

import sys
from collections.abc import Callable
from time import process_time
from typing import Any

NUMBER = "41793026727"
Call = Callable[[], Any]


def ours(url: str) -> Call:
    from infobip_voice import VoiceClient

    voice = VoiceClient(base_url=url, username="u", password="p")
    return lambda: voice.ivr.launch(scenario_id="s", to=NUMBER).messages[0].status.name


def raw(url: str) -> Call:
    import httpx

    client, auth, headers = httpx.Client(), httpx.BasicAuth("u", "p"), {"Accept": "application/json"}
    message = {"scenarioId": "s", "destinations": [{"to": NUMBER, "messageId": "m" * 32}]}

    def call() -> Any:
        body = {"bulkId": "b" * 32, "messages": [message]}
        answer = client.post(f"{url}/voice/ivr/1/messages", json=body, headers=headers, auth=auth)
        return answer.json()["messages"][0]["status"]["name"]

    return call


def generated(url: str) -> Call:
    from infobip_voice_client import AuthenticatedClient
    from infobip_voice_client.api.ivr import launch_outbound_ivr
    from infobip_voice_client.models import IvrDestination, IvrLaunchRequest, IvrMessage

    client = AuthenticatedClient(base_url=url, token="dTpw", prefix="Basic")

    def call() -> Any:
        message = IvrMessage("s", [IvrDestination(NUMBER, "m" * 32)])
        answer: Any = launch_outbound_ivr.sync(client=client, body=IvrLaunchRequest([message], "b" * 32))
        return answer.messages[0].status.name

    return call


def vendor(url: str) -> Call:
    from infobip_api_client import ApiClient, Configuration, models
    from infobip_api_client.api.voice_api import VoiceApi

    api = VoiceApi(ApiClient(Configuration(host=url, api_key="k")))

    def call() -> Any:
        destination = models.CallsDestination(to=NUMBER, messageId="m" * 32)
        message = models.CallsIvrMessage(scenarioId="s", destinations=[destination])
        request = models.CallsLaunchScenarioRequest(bulkId="b" * 32, messages=[message])
        return api.send_voice_messages_with_an_ivr_scenario(request).messages[0].status.name

    return call


def stripe(url: str) -> Call:
    import stripe

    client = stripe.StripeClient("sk_test_k", base_addresses={"api": url}, max_network_retries=0)
    return lambda: client.v1.customers.create({"name": "n", "email": "e@example.com"}).id


def openai(url: str) -> Call:
    from openai import OpenAI

    client = OpenAI(base_url=f"{url}/v1", api_key="k", max_retries=0)
    messages: Any = [{"role": "user", "content": "hello"}]
    return lambda: client.chat.completions.create(model="m", messages=messages).choices[0].message.content


def twilio(url: str) -> Call:
    from twilio.rest import Client

    client = Client("AC" + "0" * 32, "t")
    client.api.base_url = url
    return lambda: client.messages.create(to=f"+{NUMBER}", from_=f"+{NUMBER}", body="hello").sid


CALLS = {
    "ours": ours, "raw": raw, "generated": generated, "vendor": vendor, "stripe": stripe, "openai": openai,
    "twilio": twilio,
}  # fmt: skip


def main(name: str, url: str) -> None:
    call = CALLS[name](url)
    expected = call()
    assert expected, expected
    print("ready", flush=True)
    for line in sys.stdin:
        start = process_time()
        for _ in range(int(line)):
            found = call()
        print(process_time() - start, flush=True)
        assert found == expected


if __name__ == "__main__":
    main(*sys.argv[1:])
