"""A real CPTS takes the place of the demonstration, from the demonstration's own pages."""

from dataclasses import dataclass

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.installation.following import find
from cpts_sessions.installation.founding import Founded, found, lock_installation
from cpts_sessions.installation.starting_code import is_code_of
from cpts_sessions.organisations import queries

GONE = "Une CPTS est déjà en place ici : il n’y a plus de démonstration à remplacer. Rien n’a changé."
WRONG_CODE = "Ce code n’est pas celui de cette installation. Recopiez celui que le serveur a affiché. Rien n’a changé."


class WrongCode(RuleBroken):
    """The code is not the one that the server says."""


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """What somebody who was told the code says of her CPTS and of herself."""

    code: str
    name: str
    coordinator: str  # « Prénom Nom »
    email: str


def replace_demonstration(told: Beginning) -> Founded:
    """Start a real CPTS where there is nothing but the demonstration, which goes away in the same transaction.

    Two at once: the first has it, the second is refused.

    Raises:
        WrongCode: the code is another one.
        RuleBroken: a real CPTS stands already, or what is said of this one cannot be used.
    """
    with transaction():
        lock_installation()
        demonstration = find()
        if demonstration is None or len(queries.every()) > 1:
            raise RuleBroken(GONE)
        if not is_code_of(demonstration, told.code):
            raise WrongCode(WRONG_CODE)
        founded = found(told.name, told.email, coordinator=told.coordinator)
    queries.forget_sites()  # once it is kept: another request may have read the demonstration meanwhile
    return founded
