"""Mutation testing: change the code in many small ways, and see that a test fails each time."""
