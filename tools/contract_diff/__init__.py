"""What an edit of `openapi.yaml` means for clients and servers, and for the next release.

`python -m contract_diff` is the command; `documents.classify` compares two versions.
"""
