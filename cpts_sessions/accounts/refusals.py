"""Refusals that a page answers in a way of its own."""

from cpts_sessions.core.errors import RuleBroken


class LinkOver(RuleBroken):
    """This way in has already served, is too old, or never existed: nobody is told which."""
