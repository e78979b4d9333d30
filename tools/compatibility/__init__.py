"""What a release does to code that people wrote against the last one.

`python -m compatibility` is the command. `surface` lists the names and signatures of one version,
`signatures` compares two lists, and `type_check` runs mypy on the released SDK.
"""
