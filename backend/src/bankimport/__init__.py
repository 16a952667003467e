"""Import bank and card transactions through TrueLayer in bulk, and prove that the record is whole."""

__version__ = "0.1.0"
