"""Faults that a server may have, each with a witness: how strong is a suite, ours or yours?"""
