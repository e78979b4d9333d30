"""What an edit of `openapi.yaml` changes for those who rely on it, and what it asks of the next release.

`python -m contract_diff` is the command; `documents.classify` compares two versions of the contract.
"""
