"""Names of people and units: when two spellings are one."""

from primum.core.screening.names import fold

__all__ = ["fold"]
