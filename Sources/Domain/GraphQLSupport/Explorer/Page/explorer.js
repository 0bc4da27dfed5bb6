// The GraphQL explorer: an editor, the answers and the schema. All text of the server becomes text
// nodes, never HTML.
"use strict";

const element = (id) => document.getElementById(id);
const query = element("query"), variables = element("variables"), answer = element("answer");
const endpoint = location.pathname;
const stored = {
    get: (key) => { try { return sessionStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { sessionStorage.setItem(key, value); } catch { /* Not kept. */ } },
};

const sample = `# The projects, and how much is in them.
# "Run", or Ctrl and Enter, asks the server.
{
  projects(first: 20) {
    edges {
      node {
        id
        name
        traceCount
        tokenCountTotal
      }
    }
  }
}
`;

function make(tag, properties, ...children) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
}

// MARK: Editors

function number(editor, area) {
    const lines = editor.querySelector(".lines");
    const count = area.value.split("\n").length;
    if (lines.dataset.count !== String(count)) {
        lines.dataset.count = count;
        lines.textContent = Array.from({ length: count }, (_, index) => index + 1).join("\n");
    }
    lines.scrollTop = area.scrollTop;
}

for (const [id, area] of [["query-editor", query], ["variables-editor", variables]]) {
    const editor = element(id);
    area.value = stored.get(area.id) ?? (area === query ? sample : "{}");
    area.addEventListener("input", () => { number(editor, area); stored.set(area.id, area.value); });
    area.addEventListener("scroll", () => number(editor, area));
    area.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.shiftKey) return;
        // A new line begins where the last one did, one step deeper behind a bracket.
        const before = area.value.slice(0, area.selectionStart);
        const line = before.slice(before.lastIndexOf("\n") + 1);
        const indent = line.match(/^\s*/)[0] + (/[{([]\s*$/.test(line) ? "  " : "");
        event.preventDefault();
        area.setRangeText("\n" + indent, area.selectionStart, area.selectionEnd, "end");
        area.dispatchEvent(new Event("input"));
    });
    number(editor, area);
}

function setText(area, text) {
    area.value = text;
    area.dispatchEvent(new Event("input"));
}

/// Lays a document out anew: a selection a line, indented by its depth; strings and comments stay as
/// they are.
function formatted(text) {
    const tokens = text.match(
        /"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*|\.\.\.|[{}()[\]:=!|&]|[$@]?[^\s{}()[\]"#,.:=!|&]+(?:\.\d[^\s{}()[\]"#,:=!|&]*)?|\S/g) ?? [];
    const brackets = [];
    let result = "", depth = 0, last = "";
    const isFresh = () => /(^|\n *)$/.test(result);
    const line = () => { if (result && !isFresh()) result += "\n" + "  ".repeat(depth); };
    const space = () => { if (!isFresh() && !result.endsWith(" ")) result += " "; };
    for (const token of tokens.filter((token) => token !== ",")) {
        const isInside = brackets.length > 0;
        if (token === "{" && !isInside) {
            space();
            result += "{";
            depth += 1;
            line();
        } else if (token === "}" && !isInside) {
            depth = Math.max(0, depth - 1);
            result = result.trimEnd();
            line();
            result += "}";
            if (depth) line(); else result += "\n\n";
        } else if (token.startsWith("#")) {
            space();
            result += token + "\n" + "  ".repeat(depth);
        } else if (")]}".includes(token)) {
            brackets.pop();
            result += token;
        } else if (token === ":" || token === "!") {
            result += token === ":" ? ": " : "!";
        } else if ("=|&".includes(token)) {
            space();
            result += token + " ";
        } else {
            if (token === "(" || "([{".includes(last) && last && isInside || last === ":") {
                // Joined to what is before it.
            } else if (isInside && !"=|&".includes(last) && !token.startsWith("@")) {
                result += ", ";
            } else if (isInside || !depth || token.startsWith("@") || last === "on") {
                space();
            } else if (last === "...") {
                if (token === "on") space();
            } else {
                line();
            }
            result += token;
            if ("([{".includes(token)) brackets.push(token);
        }
        last = token;
    }
    return result.trim() + "\n";
}

element("format").addEventListener("click", () => {
    setText(query, formatted(query.value));
    try { setText(variables, JSON.stringify(JSON.parse(variables.value || "{}"), null, 2)); }
    catch { say("The variables are not JSON.", true); }
});

// MARK: Running

function say(text, isWrong = false) {
    const status = element("status");
    status.textContent = text;
    status.className = isWrong ? "wrong" : "";
}

/// JSON with its parts in colours.
function coloured(text) {
    const fragment = document.createDocumentFragment();
    if (text.length > 400_000) { fragment.append(text); return fragment; }
    const pattern = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
    let position = 0;
    for (const match of text.matchAll(pattern)) {
        fragment.append(text.slice(position, match.index));
        const [whole, string, colon, word] = match;
        const kind = string ? (colon ? "name" : "string") : word ? "word" : "number";
        fragment.append(make("span", { className: kind, textContent: string ?? whole }), colon ?? "");
        position = match.index + whole.length;
    }
    fragment.append(text.slice(position));
    return fragment;
}

function shown(text) {
    try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

let running = null;

async function run() {
    if (running) { running.abort(); return; }
    let values = {};
    try { if (variables.value.trim()) values = JSON.parse(variables.value); }
    catch { say("The variables are not JSON.", true); variables.focus(); return; }
    const body = { query: query.value, variables: values };
    const name = operationAtCursor();
    if (name) body.operationName = name;
    const streams = /(^|\n)\s*subscription\b/.test(query.value);
    running = new AbortController();
    element("run").textContent = "Stop";
    say("Running…");
    const began = performance.now();
    try {
        const response = await fetch(endpoint, {
            method: "POST", signal: running.signal, body: JSON.stringify(body),
            headers: {
                "content-type": "application/json",
                accept: streams
                    ? "multipart/mixed;subscriptionSpec=1.0,application/json" : "application/json",
            },
        });
        if (response.headers.get("content-type")?.startsWith("multipart/")) {
            await readParts(response);
        } else {
            const text = await response.text();
            answer.replaceChildren(coloured(shown(text)));
            const time = Math.round(performance.now() - began);
            let errors = 0;
            try { errors = JSON.parse(text).errors?.length ?? 0; } catch { errors = 1; }
            const size = new Blob([text]).size;
            const kept = size < 2048 ? `${size} bytes` : `${(size / 1024).toFixed(1)} KiB`;
            say(
                `${response.status}, ${time} ms, ${kept}`
                    + (errors ? `, ${errors} error${errors > 1 ? "s" : ""}` : ""),
                errors > 0 || !response.ok);
        }
    } catch (error) {
        const isStopped = error.name === "AbortError";
        say(isStopped ? "Stopped." : `The server could not be reached: ${error.message}`, !isStopped);
    } finally {
        running = null;
        element("run").textContent = "Run";
    }
}

/// Shows the payloads of a subscription as they come.
async function readParts(response) {
    answer.replaceChildren();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "", count = 0;
    say("Listening…");
    for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        const parts = (text + value).split("\r\n--graphql");
        text = parts.pop();
        for (const part of parts) {
            const start = part.indexOf("\r\n\r\n");
            let payload = null;
            try { payload = JSON.parse(part.slice(start + 4)).payload; } catch { /* The end. */ }
            if (!payload) continue;
            count += 1;
            answer.append(coloured(JSON.stringify(payload, null, 2)), "\n");
            say(`Listening… ${count} answer${count > 1 ? "s" : ""}`);
        }
    }
    say(`Ended after ${count} answer${count === 1 ? "" : "s"}.`);
}

/// The name of the operation that the cursor is in, when there are several.
function operationAtCursor() {
    const pattern = /(?:^|\n|\})\s*(?:query|mutation|subscription)\s+([_A-Za-z]\w*)/g;
    const all = [...query.value.matchAll(pattern)];
    if (all.length < 2) return undefined;
    const cursor = query.selectionStart;
    return (all.filter((match) => match.index <= cursor).pop() ?? all[0])[1];
}

element("run").addEventListener("click", run);
document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); }
});

// MARK: Schema

const introspection = `query Introspection { __schema {
  queryType { name } mutationType { name } subscriptionType { name }
  types { kind name description
    fields(includeDeprecated: true) { name description isDeprecated deprecationReason
      args { ...Value } type { ...Type } }
    inputFields { ...Value } interfaces { name } possibleTypes { name }
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } } } }
fragment Value on __InputValue { name description defaultValue type { ...Type } }
fragment Type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name } } } } } }`;
const types = new Map();
/// The root types, with the word that begins an operation on each.
const roots = new Map();
let trail = [];
const docs = element("docs");

const innermost = (type) => type.ofType ? innermost(type.ofType) : type;
function typeText(type) {
    if (type.kind === "NON_NULL") return typeText(type.ofType) + "!";
    if (type.kind === "LIST") return `[${typeText(type.ofType)}]`;
    return type.name;
}

function typeLink(type) {
    const name = innermost(type).name;
    return make("button", {
        type: "button", className: "link", textContent: typeText(type), onclick: () => show(name),
    });
}

function show(name) {
    const at = trail.indexOf(name);
    trail = at >= 0 ? trail.slice(0, at + 1) : [...trail, name];
    element("search").value = "";
    draw();
    docs.scrollTop = 0;
    docs.focus({ preventScroll: true });
}

function draw() {
    const nav = element("trail");
    nav.replaceChildren();
    ["Schema", ...trail].forEach((name, index) => {
        const isHere = index === trail.length;
        nav.append(isHere
            ? make("span", { className: "here", textContent: name })
            : make("button", {
                type: "button", className: "link", textContent: name,
                onclick: () => { trail = trail.slice(0, index); draw(); },
            }), isHere ? "" : "›");
    });
    docs.replaceChildren(...(trail.length ? typePage(types.get(trail.at(-1))) : startPage()));
}

function startPage() {
    const kinds = [
        ["Objects", "OBJECT"], ["Interfaces", "INTERFACE"], ["Unions", "UNION"],
        ["Inputs", "INPUT_OBJECT"], ["Enumerations", "ENUM"], ["Scalars", "SCALAR"],
    ];
    const nodes = [make("h4", { textContent: "Operations" }), list([...roots.keys()].map((name) => typeItem(name)))];
    for (const [title, kind] of kinds) {
        const names = [...types.values()].filter(
            (type) => type.kind === kind && !type.name.startsWith("__") && !roots.has(type.name));
        if (!names.length) continue;
        nodes.push(make("h4", { textContent: `${title} (${names.length})` }));
        nodes.push(list(names.map((type) => typeItem(type.name))));
    }
    return nodes;
}

const list = (items) => make("ul", {}, ...items);
const typeItem = (name) => make("li", {}, typeLink({ name }));
const description = (thing) => [
    ...(thing.description ? [make("p", { textContent: thing.description })] : []),
    ...(thing.isDeprecated
        ? [make("p", { className: "wrong", textContent: `Deprecated. ${thing.deprecationReason ?? ""}` })]
        : []),
];

function valueLine(value) {
    const line = make("span", { className: "code" }, `${value.name}: `, typeLink(value.type));
    if (value.defaultValue !== null) line.append(` = ${value.defaultValue}`);
    return line;
}

function fieldItem(field, owner) {
    const line = make("span", { className: "code" }, make("span", { className: "name", textContent: field.name }));
    const item = make("li", {});
    if (roots.has(owner)) {
        item.append(make("button", {
            type: "button", className: "use", textContent: "Insert",
            ariaLabel: `Insert ${field.name} into the editor`, onclick: () => insert(owner, field),
        }));
    }
    if (field.args?.length) {
        line.append("(");
        for (const argument of field.args) {
            line.append(make("span", { className: "arguments" }, valueLine(argument)));
        }
        line.append(")");
    }
    line.append(": ", typeLink(field.type));
    item.append(line, ...description(field));
    return item;
}

function typePage(type) {
    if (!type) return [make("p", { textContent: "There is no such type." })];
    const nodes = [make("h3", { textContent: type.name }), ...description(type)];
    const add = (title, items) => {
        if (items?.length) nodes.push(make("h4", { textContent: title }), list(items));
    };
    const byName = (a, b) => a.name < b.name ? -1 : 1;
    add("Fields", type.fields?.toSorted(byName).map((field) => fieldItem(field, type.name)));
    add("Members", type.inputFields?.map((value) => make("li", {}, valueLine(value), ...description(value))));
    add("Values", type.enumValues?.map((value) => make(
        "li", {}, make("span", { className: "code", textContent: value.name }), ...description(value))));
    add("Possible types", type.possibleTypes?.map((other) => typeItem(other.name)));
    add("Implements", type.interfaces?.map((other) => typeItem(other.name)));
    return nodes;
}

/// Puts a query for a field of a root type into the editor, with what it must have.
function insert(root, field) {
    const needed = field.args.filter((value) => value.type.kind === "NON_NULL" && value.defaultValue === null);
    const head = needed.map((value) => `$${value.name}: ${typeText(value.type)}`).join(", ");
    const call = needed.map((value) => `${value.name}: $${value.name}`).join(", ");
    const kind = roots.get(root);
    const name = field.name[0].toUpperCase() + field.name.slice(1);
    const inner = selection(innermost(field.type).name, 2, []);
    setText(query, `${kind} ${name}${head ? `(${head})` : ""} {\n  ${field.name}${call ? `(${call})` : ""}${inner}\n}\n`);
    const values = Object.fromEntries(needed.map((value) => [value.name, example(value.type)]));
    setText(variables, JSON.stringify(values, null, 2));
    query.focus();
}

function selection(name, depth, path) {
    const type = types.get(name);
    if (!["OBJECT", "INTERFACE", "UNION"].includes(type?.kind)) return "";
    const indent = "  ".repeat(depth);
    const free = (field) => !field.args.some((value) => value.type.kind === "NON_NULL" && value.defaultValue === null);
    const isLeaf = (field) => ["SCALAR", "ENUM"].includes(types.get(innermost(field.type).name)?.kind);
    const fields = (type.fields ?? []).filter((field) => free(field) && !field.isDeprecated);
    const lines = fields.filter(isLeaf).slice(0, 12).map((field) => indent + field.name);
    for (const field of fields) {
        if (!["edges", "node", "pageInfo"].includes(field.name) || path.length > 3) continue;
        lines.push(indent + field.name + selection(innermost(field.type).name, depth + 1, [...path, field.name]));
    }
    if (!lines.length) lines.push(`${indent}__typename`);
    return ` {\n${lines.join("\n")}\n${"  ".repeat(depth - 1)}}`;
}

function example(type) {
    if (type.kind === "NON_NULL") return example(type.ofType);
    if (type.kind === "LIST") return [];
    const known = types.get(type.name);
    if (known?.kind === "ENUM") return known.enumValues[0]?.name;
    if (known?.kind === "INPUT_OBJECT") {
        return Object.fromEntries(known.inputFields
            .filter((value) => value.type.kind === "NON_NULL" && value.defaultValue === null)
            .map((value) => [value.name, example(value.type)]));
    }
    return { Int: 0, Float: 0, Boolean: false }[type.name] ?? "";
}

element("search").addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    if (!wanted) { draw(); return; }
    const found = [];
    for (const type of types.values()) {
        if (type.name.startsWith("__")) continue;
        if (type.name.toLowerCase().includes(wanted)) found.push([type.name, null]);
        for (const field of [...(type.fields ?? []), ...(type.inputFields ?? []), ...(type.enumValues ?? [])]) {
            if (field.name.toLowerCase().includes(wanted)) found.push([type.name, field.name]);
        }
    }
    // Types first, and of equals the one that begins so.
    const rank = ([type, field]) => (field ? 2 : 0) + ((field ?? type).toLowerCase().startsWith(wanted) ? 0 : 1);
    found.sort((a, b) => rank(a) - rank(b));
    docs.replaceChildren(
        make("h4", { textContent: `${found.length} found${found.length > 200 ? ", the first 200 shown" : ""}` }),
        list(found.slice(0, 200).map(([type, field]) => make("li", {}, make("button", {
            type: "button", className: "link", onclick: () => { trail = []; show(type); },
            textContent: field ? `${type}.${field}` : type,
        })))));
});

element("schema-toggle").addEventListener("click", (event) => {
    const isHidden = document.querySelector("main").classList.toggle("without-schema");
    event.currentTarget.setAttribute("aria-expanded", String(!isHidden));
});

(async () => {
    try {
        const response = await fetch(endpoint, {
            method: "POST", headers: { "content-type": "application/json", accept: "application/json" },
            body: JSON.stringify({ query: introspection }),
        });
        const schema = (await response.json()).data.__schema;
        for (const type of schema.types.sort((a, b) => a.name < b.name ? -1 : 1)) types.set(type.name, type);
        for (const kind of ["query", "mutation", "subscription"]) {
            const root = schema[`${kind}Type`];
            if (root) roots.set(root.name, kind);
        }
        trail = [schema.queryType.name];
        draw();
    } catch (error) {
        docs.replaceChildren(make("p", { className: "wrong", textContent: `The schema could not be read: ${error.message}` }));
    }
})();
