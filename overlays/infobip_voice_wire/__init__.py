"""The formats on the wire: XML, timestamps, telephone numbers, media types and codes.

Pure functions without input, output, clock or randomness. Each format is a module of its own; importing this package
imports none of them.
"""
