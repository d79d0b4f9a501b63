"""Other people's formats to and from plain values: one file a format, no database."""
