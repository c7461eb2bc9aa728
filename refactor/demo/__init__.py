"""The shipped demo course: original content, three numberings of history, and what is right for its references.

Writes only into the folder that it is given, and knows nothing of how the tool finds or changes a reference.
"""
