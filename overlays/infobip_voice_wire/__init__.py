"""Read and write the formats on the wire: XML, timestamps, telephone numbers, media types, codes.

Beside them `loopback` says which hosts are this machine.

All functions are pure: no input or output, no clock, no randomness. Each format has its own module;
importing this package imports none of them.
"""
