"""renumber: rename or renumber anything in a numbered series, everywhere it is mentioned."""

__version__ = "0.1.0"
