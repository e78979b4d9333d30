"""Launch both kinds of call and fetch their reports, with the generated Python client."""

import json
import os

import openapi_client as voice

configuration = voice.Configuration(
    host=os.environ["BASE_URL"], username=os.environ["VOICE_USER"], password=os.environ["VOICE_PASSWORD"]
)
# urllib3, which the client uses, would repeat a request by itself: a lost answer may have dialled.
configuration.retries = 0

with voice.ApiClient(configuration) as client:
    ivr = voice.IVRApi(client).launch_outbound_ivr(
        voice.IvrLaunchRequest(
            bulkId="python",
            messages=[voice.IvrMessage(scenarioId="S", destinations=[voice.IvrDestination(to="999100000001")])],
        )
    )
    click = voice.ClickToCallApi(client).launch_click_to_call(
        voice.ClickToCallLaunchRequest(
            bulkId="python",
            messages=[
                voice.ClickToCallMessage(
                    **{"from": "999100000002", "destinationA": "999100000003", "destinationB": "999100000004"}
                )
            ],
        )
    )
    reports = voice.ReportsApi(client).fetch_reports(bulk_id="python")
    again = voice.ReportsApi(client).fetch_reports(bulk_id="python")

launched = [entry.message_id for answer in (ivr, click) for entry in answer.messages]
fetched = [each.message_id for each in reports.results]
print(json.dumps({"launched": launched, "reports": fetched, "again": len(again.results)}))
