"""Faults written from the facts about the API alone, by someone who had not read the rules."""
