"""The one way to refuse: a rule raises, a view or a command shows the sentence."""


class RuleBroken(Exception):
    """A rule of the product refuses; `str()` is the French sentence to show."""
