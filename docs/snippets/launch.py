from infobip_voice import VoiceClient

SCENARIO = "6298AA7707903A4ED680B436929681AD"

with VoiceClient() as client:
    launch = client.ivr.launch(scenario_id=SCENARIO, to=["+41 79 302 67 27"])
    print(launch)
    for report in client.reports.drain(spool="reports.db"):
        print(report)
