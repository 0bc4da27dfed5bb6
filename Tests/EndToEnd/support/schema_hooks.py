"""What `schemathesis` takes for a fault and is none. Loaded by schemathesis.

Each is what Arize Phoenix does too, and what clients rely on.
"""

from __future__ import annotations

import re
from typing import Any

import schemathesis

#: Paths that fit two templates of the document. `Allow` tells the methods of both.
SHARED_PATHS = {
    "/v1/annotation_configs/{config_identifier}",
    "/v1/annotation_configs/{config_id}",
    "/v1/datasets/upload",
    "/v1/sessions/delete",
    "/v1/traces/transfer",
}

NUMBERS = {"lower_bound", "upper_bound", "threshold", "score"}


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Whether the failure counts."""
    match failure.code:
        case "ST201":
            return not is_lenient(failure.message)
        case "ST202":
            return not is_about_meaning(response)
        case "ST205":
            return case.operation.path not in SHARED_PATHS
        case _:
            return True


def is_lenient(message: str) -> bool:
    """Schema-violating and accepted: texts are read as what they can be read as.

    Whatever a query says is a text, so no type of a text or a list of texts can be wrong there. A
    time may be seconds since 1970, and false may stand for the number 0.
    """
    wrong = re.search(r"in body - (\w+): Incorrect type$", message)
    return " in query" in message or (wrong is not None and wrong[1] in NUMBERS)


def is_about_meaning(response: Any) -> bool:
    """Schema-valid and refused: no schema can say that an id is one of a dataset, or that the start
    is before the end. Such refusals are a sentence or have the type `value_error`. A refusal of
    another type is one that a schema could have foreseen.
    """
    if response.status_code not in (400, 422):
        return False
    if not (response.headers.get("content-type") or [""])[0].startswith("application/json"):
        return True
    answer = response.json()
    if "error" in answer:  # Of spans: which of them are refused, and why.
        return True
    return all(issue["type"] == "value_error" for issue in answer["detail"])
