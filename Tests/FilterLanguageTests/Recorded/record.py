#!/usr/bin/env python3
"""Asks a running Phoenix what it makes of the filter expressions in expressions.tsv.

    record.py --url http://127.0.0.1:6006 [--load] [--out answers.jsonl]

`--load` first sends the recorded traces of Tests/Fixtures/traces, request by request, which the
server should receive into an empty database. One line an expression: the error's text, or for each
project of PROJECTS the ids that match: the ids themselves when they are few, otherwise their number
and the first 16 digits of the SHA-256 of the sorted ids joined by commas. Projects where nothing
matches are left out. Needs only the standard library.
"""

import argparse
import concurrent.futures
import hashlib
import json
import pathlib
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
TRACES = HERE.parent.parent / "Fixtures" / "traces"
PROJECTS = [
    "larkspur-langchain", "larkspur-openai-agents", "larkspur-manual", "larkspur-support",
    "larkspur-pydanticai-oi", "wire",
]
VALIDATORS = {
    "span": "validateSpanFilterCondition",
    "trace": "validateTraceFilterCondition",
    "session": "validateSessionFilterCondition",
}
FEW = 8


def request(url, data=None, content_type="application/json"):
    headers = {"content-type": content_type} if data is not None else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=data, headers=headers)) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        return json.dumps({"failed": error.code, "text": error.read().decode()[:400]}).encode()


def graphql(url, query, variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    return json.loads(request(url + "/graphql", body))


def load(url):
    for line in (TRACES / "manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        data = (TRACES / entry["file"]).read_bytes()
        for part in entry["requests"]:
            body = data[part["offset"] : part["offset"] + part["length"]]
            request(url + "/v1/traces", body, "application/x-protobuf")


def project_ids(url):
    query = "{ projects(first: 1000) { edges { node { id name } } } }"
    edges = graphql(url, query, {})["data"]["projects"]["edges"]
    return {edge["node"]["name"]: edge["node"]["id"] for edge in edges}


def error_of(url, project, language, expression):
    query = (
        "query($id: ID!, $c: String!) { node(id: $id) { ... on Project { answer: %s(condition: $c)"
        " { isValid errorMessage } } } }" % VALIDATORS[language]
    )
    answer = graphql(url, query, {"id": project, "c": expression})
    if not answer.get("data"):
        return "!" + answer["errors"][0]["message"]
    validation = answer["data"]["node"]["answer"]
    return None if validation["isValid"] else validation["errorMessage"]


def span_ids(url, project, expression):
    query = (
        "query($id: ID!, $c: String!) { node(id: $id) { ... on Project { spans(first: 1000,"
        " filterCondition: $c) { edges { node { spanId } } } } } }"
    )
    answer = graphql(url, query, {"id": project, "c": expression})
    if not answer.get("data"):
        return "!" + answer["errors"][0]["message"]
    return [edge["node"]["spanId"] for edge in answer["data"]["node"]["spans"]["edges"]]


def listed_ids(url, name, kind, expression):
    ids, cursor = [], None
    while True:
        query = {"filter": expression, "limit": 100}
        if cursor:
            query["cursor"] = cursor
        path = f"/v1/projects/{urllib.parse.quote(name, safe='')}/{kind}s?" + urllib.parse.urlencode(query)
        answer = json.loads(request(url + path))
        if "failed" in answer:
            return f"!{answer['failed']} {answer['text']}"
        ids += [row[f"{kind}_id"] for row in answer["data"]]
        cursor = answer.get("next_cursor")
        if not cursor:
            return ids


def answer(url, projects, language, expression):
    result = {"language": language, "expression": expression}
    error = error_of(url, projects[PROJECTS[0]], language, expression)
    if error is not None:
        return {**result, "error": error}
    matches = {}
    for name in PROJECTS:
        if language == "span":
            ids = span_ids(url, projects[name], expression)
        else:
            ids = listed_ids(url, name, language, expression)
        if isinstance(ids, str):
            matches[name] = {"failed": ids[1:]}
        elif len(ids) > FEW:
            digest = hashlib.sha256(",".join(sorted(ids)).encode()).hexdigest()[:16]
            matches[name] = {"count": len(ids), "sha256": digest}
        elif ids:
            matches[name] = sorted(ids)
    return {**result, "matches": matches}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--load", action="store_true")
    parser.add_argument("--out", default=str(HERE / "answers.jsonl"))
    options = parser.parse_args()
    if options.load:
        load(options.url)
    projects = project_ids(options.url)
    lines = (HERE / "expressions.tsv").read_text().splitlines()
    expressions = [line.split("\t", 1) for line in lines if line]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda e: answer(options.url, projects, *e), expressions)
        rows = [json.dumps(a, ensure_ascii=False, separators=(",", ":")) for a in answers]
    pathlib.Path(options.out).write_text("\n".join(rows) + "\n")
    print(len(rows), "answers")


if __name__ == "__main__":
    main()
