"""What an edit of `openapi.yaml` means for the next release: `python -m contract_diff`.

What an edit means for clients and servers says `infobip_voice_diff`, which ships.
"""
