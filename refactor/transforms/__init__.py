"""Structural edits of Python source, expressed as edits of the text.

The only room that may load LibCST, and only inside the function that needs it. It writes no files.
"""
