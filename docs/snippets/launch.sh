curl "$INFOBIP_BASE_URL/voice/ivr/1/messages" \
  --user "$INFOBIP_USERNAME:$INFOBIP_PASSWORD" \
  --header 'Content-Type: application/json' \
  --data '{"messages": [{"scenarioId": "6298AA7707903A4ED680B436929681AD",
                         "destinations": [{"to": "41793026727"}]}]}'

curl "$INFOBIP_BASE_URL/tts/3/reports" \
  --user "$INFOBIP_USERNAME:$INFOBIP_PASSWORD"
