from __future__ import annotations

from support.client_calls import Calls, unknown

from .things import span, store

P = "client-sessions"


def sessions(ask: Calls) -> None:
    def turn(session: str, number: int, seconds: float, **more: object) -> dict:
        name = f"{session}-{number}"
        return span(
            ask, name, seconds, 1,
            attributes={
                "session.id": session,
                "user.id": "ada",
                "input.value": f'{{"turn": {number}}}',
                "input.mime_type": "application/json",
                "output.value": f"answer {number}",
                **more,
            },
        )  # fmt: skip

    spans = [turn("client-a", i, i * 10) for i in range(3)]
    spans += [turn("client-b", i, 100 + i * 10) for i in range(2)]
    spans += [turn("odd /?#% é", 0, 200)]
    mute = span(ask, "mute", 300, attributes={"session.id": "client-c"})
    inner = span(ask, "inner", 300.1, 0.1, trace="mute", parent="mute", span_kind="LLM")
    store(ask, P, [*spans, mute, inner])
    project = ask("project", "projects.get", project_name=P)
    listed = ask("list", "sessions.list", project_name=P)
    ask("list-by-id", "sessions.list", project_id=project["id"])
    ask("list-limit", "sessions.list", project_name=P, limit=2)
    ask("list-limit-zero", "sessions.list", project_name=P, limit=0)
    ask("list-neither", "sessions.list")
    ask("list-both", "sessions.list", project_name=P, project_id=project["id"])
    ask("list-unknown", "sessions.list", project_name="no such project")
    ask("list-unknown-id", "sessions.list", project_id=unknown("Project"))
    ask("frame", "sessions.get_sessions_dataframe", project_name=P)
    ask("frame-by-id", "sessions.get_sessions_dataframe", project_id=project["id"], limit=1)
    ask("frame-unknown", "sessions.get_sessions_dataframe", project_name="no such project")
    ask("frame-neither", "sessions.get_sessions_dataframe")
    ask("get", "sessions.get", session_id="client-a")
    ask("get-by-id", "sessions.get", session_id=listed[0]["id"] if listed else "")
    ask("get-odd", "sessions.get", session_id="odd /?#% é")
    ask("get-unknown", "sessions.get", session_id="nobody")
    ask("get-unknown-id", "sessions.get", session_id=unknown("ProjectSession"))
    ask("turns", "sessions.get_session_turns", session_id="client-a")
    ask("turns-mute", "sessions.get_session_turns", session_id="client-c")
    ask("turns-odd", "sessions.get_session_turns", session_id="odd /?#% é")
    ask("turns-unknown", "sessions.get_session_turns", session_id="nobody")
    ask("delete", "sessions.delete", session_id="client-b")
    ask("delete-again", "sessions.delete", session_id="client-b")
    ask("delete-unknown-id", "sessions.delete", session_id=unknown("ProjectSession"))
    ask("get-deleted", "sessions.get", session_id="client-b")
    ask("bulk-delete-none", "sessions.bulk_delete", session_ids=[])
    ask("bulk-delete-unknown", "sessions.bulk_delete", session_ids=["client-c", "nobody"])
    ask("list-after-unknown", "sessions.list", project_name=P)
    ask("bulk-delete", "sessions.bulk_delete", session_ids=["client-c", "odd /?#% é"])
    ask("bulk-delete-mixed", "sessions.bulk_delete",
        session_ids=["client-a", unknown("ProjectSession")])  # fmt: skip
    ask("list-last", "sessions.list", project_name=P)
    ask("spans-last", "spans.get_spans", project_identifier=P)
