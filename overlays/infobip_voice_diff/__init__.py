"""What an edit of a contract means for the people who use it, and whether it breaks them.

`documents.classify` compares two versions of an OpenAPI document, and `words.changes_in_words` says
what it found. All functions are pure, and the package imports nothing else of ours.
"""
