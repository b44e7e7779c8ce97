"""Who may use each page, by which methods. A route that is not here fails the tests, and so does a line without route.

One line per endpoint: its audience, then its methods (HEAD goes with GET, OPTIONS with everything).
"""

from cpts_sessions.web.guards import Audience

PUBLIC = Audience.PUBLIC
SIGNED_IN = Audience.SIGNED_IN
ANIMATOR = Audience.ANIMATOR
COORDINATOR = Audience.COORDINATOR
ADMINISTRATOR = Audience.ADMINISTRATOR

MATRIX: dict[str, tuple[Audience, str]] = {
    "coordinator.accept_request": (COORDINATOR, "POST"),
    "coordinator.archive_programme": (COORDINATOR, "POST"),
    "coordinator.calls": (COORDINATOR, "GET"),
    "coordinator.cancel_session": (COORDINATOR, "GET POST"),
    "coordinator.change_capacity": (COORDINATOR, "POST"),
    "coordinator.counting": (COORDINATOR, "GET"),
    "coordinator.counting_professions": (COORDINATOR, "GET"),
    "coordinator.counting_professions_workbook": (COORDINATOR, "GET"),
    "coordinator.counting_rows": (COORDINATOR, "GET"),
    "coordinator.counting_workbook": (COORDINATOR, "GET"),
    "coordinator.delete_draft": (COORDINATOR, "GET POST"),
    "coordinator.desk": (COORDINATOR, "GET"),
    "coordinator.edit_session": (COORDINATOR, "GET POST"),
    "coordinator.group_session": (COORDINATOR, "GET"),
    "coordinator.group_sessions": (COORDINATOR, "GET"),
    "coordinator.leave_offer": (COORDINATOR, "POST"),
    "coordinator.move_up": (COORDINATOR, "POST"),
    "coordinator.new_programme": (COORDINATOR, "GET POST"),
    "coordinator.new_session": (COORDINATOR, "GET POST"),
    "coordinator.note_call": (COORDINATOR, "POST"),
    "coordinator.open_session": (COORDINATOR, "POST"),
    "coordinator.programme": (COORDINATOR, "GET POST"),
    "coordinator.programmes": (COORDINATOR, "GET"),
    "coordinator.refuse_request": (COORDINATOR, "POST"),
    "coordinator.register": (COORDINATOR, "GET"),
    "coordinator.register_known": (COORDINATOR, "GET POST"),
    "coordinator.register_new": (COORDINATOR, "GET POST"),
    "coordinator.reinstate": (COORDINATOR, "POST"),
    "coordinator.requests": (COORDINATOR, "GET"),
    "coordinator.resume_programme": (COORDINATOR, "POST"),
    "coordinator.series": (COORDINATOR, "GET POST"),
    "coordinator.session_animation": (COORDINATOR, "GET POST"),
    "coordinator.take_offer": (COORDINATOR, "POST"),
    "coordinator.withdraw": (COORDINATOR, "GET POST"),
    "demonstration.enter": (PUBLIC, "POST"),
    "health.health": (PUBLIC, "GET"),
    "public.accessibility": (PUBLIC, "GET"),
    "public.act_on_date": (PUBLIC, "POST"),
    "public.act_on_enrolment": (PUBLIC, "POST"),
    "public.act_on_registration": (PUBLIC, "POST"),
    "public.agenda": (PUBLIC, "GET"),
    "public.also_sign_up": (PUBLIC, "POST"),
    "public.calendar_file": (PUBLIC, "GET"),
    "public.colour": (PUBLIC, "GET"),
    "public.enrolment": (PUBLIC, "GET"),
    "public.group_session": (PUBLIC, "GET"),
    "public.logo": (PUBLIC, "GET"),
    "public.not_me": (PUBLIC, "GET POST"),
    "public.not_me_at_all": (PUBLIC, "GET POST"),
    "public.noted": (PUBLIC, "GET"),
    "public.personal_data": (PUBLIC, "GET"),
    "public.publisher": (PUBLIC, "GET"),
    "public.registration": (PUBLIC, "GET"),
    "public.sign_up": (PUBLIC, "GET POST"),
    "public.undone": (PUBLIC, "GET"),
    "sign_in.ask": (PUBLIC, "GET POST"),
    "sign_in.code": (PUBLIC, "GET POST"),
    "sign_in.link": (PUBLIC, "GET POST"),
    "sign_in.sign_out": (PUBLIC, "POST"),
}
