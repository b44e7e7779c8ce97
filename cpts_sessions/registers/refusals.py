"""Refusals that a page answers in a way of its own."""

from cpts_sessions.core.errors import RuleBroken


class ChangedMeanwhile(RuleBroken):
    """Somebody else changed what was read: both versions are to be shown, and nothing typed is lost."""
