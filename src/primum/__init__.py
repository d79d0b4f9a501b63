"""Primum: the do-no-harm system of a peace operation.

Ask before, decide with reasons, watch after, stop what harms.
"""

__version__ = "0.1.0"
