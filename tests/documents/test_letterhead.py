"""What stands at the head of every document."""

from io import BytesIO

from PIL import Image
from pypdf import PdfReader

from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.documents import pdf
from cpts_sessions.organisations.letterhead import letterhead
from cpts_sessions.organisations.services import give_logo
from tests.documents.test_pdf import nameless
from tests.factories import make_coordinator, make_organisation


def picture(kind: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (300, 60), "#d9480f").save(file, kind)
    return file.getvalue()


def pictures_of(organisation) -> list[tuple[int, int]]:
    """The pictures in a document of this CPTS, by their size."""
    data = pdf.compile("nameless_sheet", nameless(head=letterhead(organisation)))
    return [image.image.size for image in PdfReader(BytesIO(data)).pages[0].images]


def test_its_own_logo_is_printed_whatever_its_kind(app):
    for kind in ("PNG", "JPEG", "WEBP"):
        here = make_organisation()
        give_logo(here.id, picture(kind), actor_id=make_coordinator(here).id)

        assert pictures_of(here) == [(300, 60)]


def test_a_logo_that_is_broken_gives_way_to_the_ring(app):
    here = make_organisation()
    give_logo(here.id, b"\x89PNG\r\n\x1a\nbroken", actor_id=make_coordinator(here).id)

    assert letterhead(here)["logo_kind"] == "svg"
    assert pictures_of(here) == []


def test_address_and_telephone_stand_beside_the_name(app):
    here = make_organisation()
    with transaction():
        here.postal_address, here.phone = "12 place du Marché", "01 23 45 67 89"

    head = letterhead(here)

    assert (head["name"], normalise(head["details"])) == (
        "CPTS du Val d’Ambre",
        "12 place du Marché · 01 23 45 67 89",
    )
