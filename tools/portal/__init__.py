"""The documentation portal.

`python -m portal` builds it into `site/`; `python -m portal.preview` serves it beside a mock.
"""
