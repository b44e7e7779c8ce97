"""What every form shares: refusals in French, and choices that may be left alone."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField


class Form(FlaskForm):
    """A form whose ready-made refusals are French. Forms check shapes; truth belongs to the rules.

    The translations are those of WTForms itself: `templating.install` says so to Flask-WTF.
    """

    class Meta(FlaskForm.Meta):
        """How the forms are built."""

        locales = ("fr",)


class OptionalRadioField(RadioField):
    """Radios that may be left alone: the value is then None. WTForms takes silence for a wrong answer."""

    def pre_validate(self, form: Any) -> None:
        """Refuse only an answer that is not among the choices.

        Raises:
            ValidationError: it was not offered.
        """
        if self.raw_data:
            super().pre_validate(form)
