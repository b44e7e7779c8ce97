"""Capacity held by the schema itself, on both engines, whoever writes.

Every migration that rebuilds `registration` or `group_session` (SQLite's batch mode drops a
table's triggers without a word) must call `install` again; a test compares them at head.
"""

from sqlalchemy import Connection, text

NO_SEAT_LEFT = "no seat left in this session"
BELOW_TAKEN = "capacity below the seats taken"

_TAKEN = "(SELECT count(*) FROM registration r WHERE r.group_session_id = {session} AND r.status IN {seated})"
_SEATED = "('confirmed', 'offered')"


def _taken(session: str) -> str:
    return _TAKEN.format(session=session, seated=_SEATED)


_CAPACITY = "(SELECT capacity FROM group_session WHERE id = NEW.group_session_id)"
_NEWLY_SEATED = (
    f"NEW.status IN {_SEATED} AND (OLD.status NOT IN {_SEATED} OR OLD.group_session_id <> NEW.group_session_id)"
)

SQLITE = {
    "registration_seat_insert": f"""CREATE TRIGGER registration_seat_insert BEFORE INSERT ON registration
        WHEN NEW.status IN {_SEATED} AND {_taken("NEW.group_session_id")} >= {_CAPACITY}
        BEGIN SELECT RAISE(ABORT, '{NO_SEAT_LEFT}'); END""",
    "registration_seat_update": f"""CREATE TRIGGER registration_seat_update
        BEFORE UPDATE OF status, group_session_id ON registration
        WHEN {_NEWLY_SEATED} AND {_taken("NEW.group_session_id")} >= {_CAPACITY}
        BEGIN SELECT RAISE(ABORT, '{NO_SEAT_LEFT}'); END""",
    "group_session_capacity": f"""CREATE TRIGGER group_session_capacity BEFORE UPDATE OF capacity ON group_session
        WHEN NEW.capacity < OLD.capacity AND {_taken("NEW.id")} > NEW.capacity
        BEGIN SELECT RAISE(ABORT, '{BELOW_TAKEN}'); END""",
    "audit_entry_append_only": """CREATE TRIGGER audit_entry_append_only BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
}

# The functions lock the session's row first: two writers that came by SQL queue up there.
POSTGRESQL_FUNCTIONS = {
    "cpts_seat": f"""CREATE OR REPLACE FUNCTION cpts_seat() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE places integer;
        BEGIN
            IF NEW.status NOT IN {_SEATED} THEN RETURN NEW; END IF;
            IF TG_OP = 'UPDATE' AND OLD.status IN {_SEATED} AND OLD.group_session_id = NEW.group_session_id
                THEN RETURN NEW; END IF;
            SELECT capacity INTO places FROM group_session WHERE id = NEW.group_session_id FOR UPDATE;
            IF {_taken("NEW.group_session_id")} >= places THEN
                RAISE EXCEPTION '{NO_SEAT_LEFT}' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$""",
    "cpts_capacity": f"""CREATE OR REPLACE FUNCTION cpts_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.capacity < OLD.capacity AND {_taken("NEW.id")} > NEW.capacity THEN
                RAISE EXCEPTION '{BELOW_TAKEN}' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$""",
    "cpts_append_only": """CREATE OR REPLACE FUNCTION cpts_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'check_violation'; END $$""",
}

POSTGRESQL = {
    "registration_seat_insert": """CREATE TRIGGER registration_seat_insert BEFORE INSERT ON registration
        FOR EACH ROW EXECUTE FUNCTION cpts_seat()""",
    "registration_seat_update": """CREATE TRIGGER registration_seat_update
        BEFORE UPDATE OF status, group_session_id ON registration FOR EACH ROW EXECUTE FUNCTION cpts_seat()""",
    "group_session_capacity": """CREATE TRIGGER group_session_capacity BEFORE UPDATE OF capacity ON group_session
        FOR EACH ROW EXECUTE FUNCTION cpts_capacity()""",
    "audit_entry_append_only": """CREATE TRIGGER audit_entry_append_only BEFORE UPDATE ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION cpts_append_only()""",
}

_TABLE_OF = {
    "registration_seat_insert": "registration",
    "registration_seat_update": "registration",
    "group_session_capacity": "group_session",
    "audit_entry_append_only": "audit_entry",
}


def install(connection: Connection) -> None:
    """Create every trigger, replacing those that stand."""
    drop(connection)
    if connection.dialect.name == "sqlite":
        statements = list(SQLITE.values())
    else:
        statements = [*POSTGRESQL_FUNCTIONS.values(), *POSTGRESQL.values()]
    for statement in statements:
        connection.execute(text(statement))


def drop(connection: Connection) -> None:
    """Remove every trigger that stands; their tables exist."""
    for name, table in _TABLE_OF.items():
        on_table = "" if connection.dialect.name == "sqlite" else f" ON {table}"
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{on_table}"))


def names(connection: Connection) -> set[str]:
    """Return the triggers that stand in the schema."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        found = connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
    return set(found.scalars())
