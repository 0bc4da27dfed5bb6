"""Records what graphql-core answers to a large number of documents.

Usage: make_corpus.py TARGET_SCHEMA.graphql

Needs graphql-core 3.3.2. Writes corpus.json and large-schema.graphql beside this file: documents
that parse or do not, that are valid or not, and results of executing some of them. The large schema
is the one given, without its descriptions.
"""

import json
import random
import re
import sys
from pathlib import Path

from graphql import (
    GraphQLError,
    build_schema,
    get_introspection_query,
    graphql_sync,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    is_union_type,
    get_named_type,
    parse,
    print_ast,
    print_schema,
    validate,
)
from graphql.utilities import lexicographic_sort_schema

HERE = Path(__file__).parent
R = random.Random(20260117)


# --- The data behind the test schema; "$type" names an object's type, "$error" fails. ---


def human(depth):
    best = {"$error": "No best friend"} if depth == 0 else human(depth - 1)
    return {
        "$type": "Human", "id": f"h{depth}", "name": f"Human {depth}",
        "pets": [dog(depth), None, cat(depth)] if depth else [],
        "matrix": [[1, 2], None, [3]], "strictMatrix": [[1], [], [2, 3]],
        "tags": ["a", "b\n\u00e9", None] if depth == 1 else ["x"],
        "data": {"a": [1, 2.5, {"b": None}], "c": "\U0001f600"},
        "best": best, "strictBest": best,
    }


def dog(depth):
    return {
        "$type": "Dog", "id": f"d{depth}", "name": f"Dog {depth}", "age": 3 + depth, "legs": 4,
        "color": "RED", "owner": human(depth - 1) if depth > 0 else None,
        "friends": [cat(depth - 1), dog(depth - 1)] if depth > 0 else [],
        "barks": True, "weight": 12.5, "nickname": None, "status": "fine",
    }


def cat(depth):
    return {
        "$type": "Cat", "id": f"c{depth}", "name": None, "age": None,
        "legs": 4 if depth != 1 else None, "color": "BLUE", "meows": False,
        "owner": human(depth - 1) if depth > 0 else {"$error": "A stray"},
        "lives": [1, 2, 3] if depth != 2 else [1, None], "weight": 3, "status": None,
    }


def root():
    return {
        "node": dog(2), "named": human(1), "pets": [dog(2), cat(2)],
        "things": [dog(1), cat(1), human(2), {"$type": "Stone", "name": "S", "hardness": 7,
                                             "origin": "hill"}, None, {"$error": "Lost"}],
        "dog": dog(3), "cat": cat(2), "human": human(2), "strictHuman": human(1),
        "color": "GREEN", "living": [dog(0), cat(1)],
        "fails": {"$error": "It failed"}, "failsStrict": {"$error": "It failed hard"},
        "wrongInt": "many", "wrongEnum": "PINK", "wrongList": 5, "nullStrict": None,
        "counter": 0,
    }


def attach_resolvers(schema):
    def resolver(type_name, name):
        def resolve(source, _info, **args):
            if name in ("echo", "needs"):
                return args
            if type_name == "Mutation":
                if name == "add":
                    source["counter"] += args["by"]
                    return source["counter"]
                if name == "read":
                    return source["counter"]
                raise Exception("The mutation failed")
            value = source.get(name)
            if isinstance(value, dict) and "$error" in value:
                raise Exception(value["$error"])
            if name == "name" and args.get("upper") and isinstance(value, str):
                value = value.upper()
            if isinstance(value, list):
                value = [
                    Exception(v["$error"]) if isinstance(v, dict) and "$error" in v else v
                    for v in value
                ]
            return value

        return resolve

    for type_ in schema.type_map.values():
        if type_.name.startswith("__"):
            continue
        if is_object_type(type_):
            for name, field in type_.fields.items():
                field.resolve = resolver(type_.name, name)
        elif is_interface_type(type_) or is_union_type(type_):
            type_.resolve_type = lambda value, _info, _type: value["$type"]


# --- Random documents ---


class Generator:
    def __init__(self, schema, fault_rate):
        self.schema = schema
        self.fault_rate = fault_rate

    def fault(self):
        return R.random() < self.fault_rate

    def document(self, kind="query", depth=4):
        self.variables = {}
        self.fragments = []
        self.pending = []
        self.kind = kind
        root_type = {
            "query": self.schema.query_type, "mutation": self.schema.mutation_type,
            "subscription": self.schema.subscription_type,
        }[kind]
        body = self.selection(root_type, depth, top=True)
        head = kind
        if R.random() < 0.5 or self.variables or kind != "query":
            if R.random() < 0.7:
                head += " Op" + str(R.randrange(3))
            if self.variables:
                definitions = []
                for name, (type_, default) in self.variables.items():
                    if self.fault() and R.random() < 0.3:
                        continue
                    if self.fault() and R.random() < 0.3:
                        type_ = R.choice(["String", "Int!", "[ID]", "Nope", "Query"])
                    definitions.append(f"${name}: {type_}" + (f" = {default}" if default else ""))
                if self.fault() and R.random() < 0.2:
                    definitions.append("$unused: Int")
                if definitions:
                    head += "(" + ", ".join(definitions) + ")"
            if self.fault() and R.random() < 0.2:
                head += " @once"
            text = head + " " + body
        else:
            text = body
        text = "\n".join([text] + self.fragments)
        if self.fault() and R.random() < 0.2:
            text += "\n" + R.choice([
                "fragment Unused on Query { __typename }", "type Extra { a: Int }",
                "query Op0 { __typename }", "{ __typename }",
                "fragment F0 on " + R.choice(list(self.schema.type_map)) + " { __typename }",
                "fragment Loop on Query { ...Loop }", "extend schema { query: Query }",
            ])
        return text

    def selection(self, type_, depth, top=False):
        parts = []
        is_output = is_object_type(type_) or is_interface_type(type_)
        names = list(type_.fields) if is_output else []
        for _ in range(R.randint(1, 4)):
            choice = R.random()
            if choice < 0.12 and not (top and self.kind != "query"):
                parts.append(self.inline(type_, depth))
            elif choice < 0.2 and not (top and self.kind != "query"):
                parts.append(self.spread(type_, depth))
            elif choice < 0.26 or not names:
                parts.append("__typename")
            else:
                parts.append(self.field(type_, R.choice(names), depth))
            if top and self.kind == "subscription" and not self.fault():
                break
        return "{ " + " ".join(parts) + " }"

    def possible(self, type_):
        if not (is_interface_type(type_) or is_union_type(type_)):
            return [type_]
        types = list(self.schema.get_possible_types(type_))
        return types + ([type_] if not is_union_type(type_) else [])

    def condition(self, type_):
        if self.fault():
            return self.schema.type_map[R.choice(list(self.schema.type_map))]
        return R.choice(self.possible(type_))

    def inline(self, type_, depth):
        if R.random() < 0.2:
            return "..." + self.directives("inline") + " " + self.selection(type_, depth - 1)
        on = self.condition(type_)
        return f"... on {on.name}" + self.directives("inline") + " " + self.selection(on, depth - 1)

    def spread(self, type_, depth):
        if self.fault() and R.random() < 0.2:
            return "...Missing"
        name = f"F{len(self.pending)}"
        self.pending.append(name)
        on = self.condition(type_)
        if depth <= 0:
            body = "{ __typename }"
        else:
            body = self.selection(on, depth - 1)
        if self.fault() and R.random() < 0.1:
            body = body[:-1] + f" ...{R.choice(self.pending)} }}"
        self.fragments.append(f"fragment {name} on {on.name} {body}")
        result = "..." + name + self.directives("spread")
        if R.random() < 0.2:
            result += " ..." + name
        return result

    def directives(self, place):
        if R.random() < 0.88:
            return ""
        if self.fault():
            return " " + R.choice([
                "@nope", "@include", "@skip(if: 1)", "@once @once", "@deprecated",
                "@include(if: true, unless: false)", "@note", "@skip(if: true) @skip(if: false)",
                '@note(text: "a") @note(text: "b", level: "c")', "@skip(if: $undefined)",
            ])
        if R.random() < 0.3:
            return f" @{R.choice(['skip', 'include'])}(if: ${self.variable('Boolean!')})"
        return R.choice([" @skip(if: false)", " @include(if: true)", " @include(if: false)"])

    def variable(self, type_):
        name = f"v{len(self.variables)}"
        default = None
        type_ = str(type_)
        if R.random() < 0.2:
            named = self.parse_type(type_)
            if not (is_non_null_type(named) and R.random() < 0.5):
                default = self.value(named, 2, variables=False)
        if type_.endswith("!") and default and R.random() < 0.5:
            type_ = type_[:-1]
        self.variables[name] = (type_, default)
        return name

    def parse_type(self, text):
        from graphql import GraphQLList, GraphQLNonNull

        if text.endswith("!"):
            return GraphQLNonNull(self.parse_type(text[:-1]))
        if text.startswith("["):
            return GraphQLList(self.parse_type(text[1:-1]))
        return self.schema.type_map[text]

    def field(self, type_, name, depth):
        field = type_.fields[name]
        text = name
        if self.fault() and R.random() < 0.3:
            text = name[:-1] + R.choice("abcxyz")
        arguments = []
        for argument, definition in field.args.items():
            required = is_non_null_type(definition.type) and definition.default is None
            if (required and not (self.fault() and R.random() < 0.3)) or R.random() < 0.35:
                arguments.append(f"{argument}: {self.value(definition.type, 3)}")
        if self.fault() and R.random() < 0.2:
            arguments.append(R.choice(["nope: 1", "firs: 2", "filter: {}", "name: \"x\""]))
        if self.fault() and arguments and R.random() < 0.1:
            arguments.append(arguments[0])
        if arguments:
            text += "(" + ", ".join(arguments) + ")"
        if R.random() < 0.12 or (arguments and R.random() < 0.85):
            alias = R.choice("abcdef") if self.fault() else f"{name}{R.randrange(10**6)}"
            text = f"{alias}: {text}"
        text += self.directives("field")
        named = get_named_type(field.type)
        if is_leaf_type(named):
            if self.fault() and R.random() < 0.1:
                text += " { a }"
        elif depth <= 0:
            text += " { __typename }"
        elif not (self.fault() and R.random() < 0.1):
            text += " " + self.selection(named, depth - 1)
        return text

    def value(self, type_, depth, variables=True):
        if variables and R.random() < 0.12:
            return "$" + self.variable(type_)
        if self.fault() and R.random() < 0.4:
            return R.choice([
                "null", "1", "-7", "2.5", '"text"', "true", "RED", "[1]", "{}", "[]", '{a: 1}',
                "3000000000", "1e400", "GREN", "[[1], null]", "{size: SMALL, nme: 1}", '""',
                '"""block"""', "{id: 1, name: null}", "$undefined", "{a: 1, a: 2}",
            ])
        if is_non_null_type(type_):
            return self.value(type_.of_type, depth, variables)
        if R.random() < 0.06:
            return "null" if not self.fault() else "[null]"
        if is_list_type(type_):
            if R.random() < 0.2:
                return self.value(type_.of_type, depth - 1, variables)
            count = R.randint(0, 3)
            return "[" + ", ".join(
                self.value(type_.of_type, depth - 1, variables) for _ in range(count)) + "]"
        if is_enum_type(type_):
            return R.choice(list(type_.values))
        if is_input_object_type(type_):
            fields = list(type_.fields.items())
            if type_.is_one_of and not self.fault():
                fields = [R.choice(fields)]
            parts = []
            for name, field in fields:
                required = is_non_null_type(field.type) and field.default is None
                if required or type_.is_one_of or (depth > 0 and R.random() < 0.35):
                    if required and self.fault() and R.random() < 0.3:
                        continue
                    value = self.value(field.type, depth - 1, variables)
                    parts.append(f"{name}: {value}")
            return "{" + ", ".join(parts) + "}"
        if type_.name == "Int":
            return str(R.randint(-100, 100))
        if type_.name == "Float":
            return R.choice(["1", "2.5", "-1e3", "0.25"])
        if type_.name == "Boolean":
            return R.choice(["true", "false"])
        if type_.name == "ID":
            return R.choice(['"a"', "5"])
        if type_.name == "String":
            return R.choice(['"x"', '"a\\n\\u00e9"', '"""block\n  text"""', '""'])
        return R.choice(['"x"', "1", "{a: [1, 2.5, B], c: null}", "true", '"2024-01-01T00:00:00"'])


def runtime_values(document, schema, generator):
    """Values for the variables of a document, some of them wrong."""
    values = {}
    for definition in document.definitions:
        for variable in getattr(definition, "variable_definitions", None) or ():
            name = variable.variable.name.value
            if R.random() < 0.15:
                continue
            if R.random() < 0.12:
                values[name] = R.choice([
                    None, 1, -2.5, 3000000000, "text", True, [], [1, "a", None], {}, {"a": 1},
                    {"size": "SMAL"}, 1.0, 10**20, "it's", {"id": "x", "name": "y"},
                    {"size": "LARGE", "nme": "x", "min": "y"}, [[1, 2], ["x"]], "a\nb\\",
                    {"a": {"b": {"c": {"d": 1}}}}, list(range(20)), "x" * 300,
                ])
            else:
                try:
                    type_ = generator.parse_type(print_ast(variable.type))
                    values[name] = json_value(type_, 3)
                except KeyError:
                    values[name] = 1
    return values


def json_value(type_, depth):
    if is_non_null_type(type_):
        return json_value(type_.of_type, depth)
    if R.random() < 0.05:
        return None
    if is_list_type(type_):
        if R.random() < 0.2:
            return json_value(type_.of_type, depth - 1)
        return [json_value(type_.of_type, depth - 1) for _ in range(R.randint(0, 3))]
    if is_enum_type(type_):
        return R.choice(list(type_.values))
    if is_input_object_type(type_):
        fields = list(type_.fields.items())
        if type_.is_one_of:
            fields = [R.choice(fields)]
        return {
            name: json_value(field.type, depth - 1)
            for name, field in fields
            if is_non_null_type(field.type) or type_.is_one_of
            or (depth > 0 and R.random() < 0.35)
        }
    return {
        "Int": lambda: R.randint(-100, 100), "Float": lambda: R.choice([1, 2.5, -3.0]),
        "Boolean": lambda: R.random() < 0.5, "ID": lambda: R.choice(["a", 5]),
        "String": lambda: R.choice(["x", "\u00e9"]),
    }.get(type_.name, lambda: R.choice(["x", 1, {"a": [1, None]}]))()


# --- Recording ---


def locations(error):
    return [[place.line, place.column] for place in error.locations or ()]


def validated(schema, text):
    try:
        document = parse(text)
    except GraphQLError as error:
        return [[error.message, locations(error)]]
    return sorted([[error.message, locations(error)] for error in validate(schema, document)])


def broken(text):
    kind = R.randrange(5)
    position = R.randrange(len(text))
    if kind == 0:
        return text[:position] + text[position + 1:]
    if kind == 1:
        return text[:position]
    if kind == 2:
        piece = R.choice(list('{}()[]!$@:=|&"\\\'`?.~%^*;<>/') + [
            "...", '"""', '"\\u00zz"', '"\\q"', "007", "1.", ".5", "1e", "..", "\u00e9", "\x07",
            '"\\u{110000}"', '"\\uD83D"', "-", "1a", "\U0001f600", "on", "null", "fragment", '"a\nb"',
        ])
        return text[:position] + piece + text[position:]
    words = text.split(" ")
    at = R.randrange(len(words))
    if kind == 3:
        del words[at]
    else:
        words.insert(at, R.choice(words))
    return " ".join(words)


SDL = [
    "type A { a: Int }", "type A implements B & C { a(b: Int = 1): [A!]! @d(x: {y: [1]}) }",
    "interface I implements J { a: Int } union U = | A | B enum E { X Y @deprecated }",
    'input P { "about a" a: Int! = 3 b: [P] = [] } scalar S @specifiedBy(url: "u")',
    "directive @d(a: Int, b: S = 1) repeatable on FIELD | OBJECT",
    '"""About\n  it"""\nschema @x { query: Q mutation: M } extend schema @y',
    "extend type A { b: Int } extend interface I @d extend union U = C extend enum E { Z }",
    'extend input P { c: Int } extend scalar S @z "d" type Q { "one" a: Int """two""" b: Int }',
    'type A { a("first" x: Int "second" y: Int = 2): Int }', "union U", "type A", "input P",
    "directive @d on NOWHERE", "extend type A", "enum E { true }", '"x" query { a }',
    "extend schema", '"about" query Q("v" $a: Int) { a } """f""" fragment F on Q { a }', '"x" { a }',
    '"x" extend type A { a: Int }', "{ }", "query { a { } }", "type A { }", "schema { }", "schema { foo: Bar }",
]

HAND = [
    "{ a: dog { name } a: cat { name } }", "{ dog { name: nickname name } }",
    "{ dog { ...A ...B } } fragment A on Dog { x: name } fragment B on Dog { x: color }",
    "{ dog { ...A } cat { ...A } } fragment A on Named { name ... on Dog { n: age } ... on Cat { n: legs } }",
    "{ things { ... on Dog { v: weight } ... on Cat { v: weight } } }",
    "{ things { ... on Dog { v: age } ... on Cat { v: name } } }",
    "{ dog { owner { pets { ... on Dog { a: age } } } owner { pets { ... on Dog { a: name } } } } }",
    "{ dog { barks(loud: true) barks(loud: false) } }",
    "{ dog { barks(loud: true, times: 1) barks(times: 1, loud: true) } }",
    "{ human { matrix x: matrix x: tags } }",
    "fragment A on Dog { ...B } fragment B on Dog { ...C } fragment C on Dog { ...A } { dog { ...A } }",
    "{ __type(name: \"Dog\") { fields { type { fields { type { fields { name } } } } } } }",
    "{ __schema { types { fields { type { ofType { name } } } } } }",
    "{ __type { name } }", "subscription { ticks named { name } }",
    "subscription S { ...F } fragment F on Subscription { ticks a: ticks __typename }",
    "subscription { ticks @skip(if: true) }", "subscription { __typename }",
    "query A { dog { name } } query A { cat { name } } { dog { name } }",
    "query ($a: Int, $a: Int) { echo(int: $a) }", "query ($r: Ref) { echo(refs: [$r]) }",
    "query ($i: ID) { echo(ref: {id: $i}) }", "query ($i: ID!) { echo(ref: {id: $i}) }",
    "query ($x: Int) { echo(withDefault: $x) }", "query ($x: Int = null) { needs(a: $x, b: [], c: {required: 1}) }",
    "query ($x: [Int]) { echo(ints: $x) }", "query ($x: Int!) { echo(ints: [$x], matrix: [[$x]]) }",
    "{ living { legs ... on Named { name } ... on Stone { name } } }", "{ living { bark name } }",
    "{ things { name } }", "{ named { bark color pets } }", "{ dog }", "{ dog { name { x } } }",
    "{ fails failsStrict }", "{ fails color dog { name } }", "{ nullStrict }",
    "{ wrongInt wrongEnum wrongList }", "{ strictHuman { strictBest { strictBest { id } } } }",
    "{ things { __typename ... on Human { tags best { id best { id } } } ... on Cat { legs lives } } }",
    "{ cat { lives owner { name } } }", "{ pets { ... on Cat { lives } ... on Dog { name } } }",
    "mutation { a: add(by: 1) b: add(by: 2) read }", "mutation { a: add(by: 1) fail b: add(by: 2) }",
    "mutation { a: add(by: 1) failStrict b: add(by: 2) read }",
    "{ echo }", "{ echo(any: {a: $x}) }", "query ($x: Int) { echo(any: {a: $x, b: [$x]}) }",
    "query ($s: Boolean = true) { dog { name @skip(if: $s) id @include(if: $s) } }",
    "query A { color } query B { dog { name } }", "{ dog { ...on Dog @include(if: false) { name } } }",
    "{ __typename __schema { queryType { name } } __type(name: \"Nope\") { name } t: __type(name: \"Ref\") { isOneOf inputFields { name } } }",
    "query @note(text: \"a\") @note(text: \"b\") { color @once }", "{ ...on Query { ...on Query { color } } }",
    "query ($v: Color @note(text: \"x\")) { echo(color: $v) }", "query ($v: Color @once) { echo(color: $v) }",
    "{ human { pets { ... on Dog { friends(first: 1, not: [RED, BLUE]) { __typename } } } } }",
]


def strip_descriptions(text):
    schema = build_schema(text)
    for type_ in schema.type_map.values():
        type_.description = None
        for value in getattr(type_, "values", {}).values() if is_enum_type(type_) else ():
            value.description = None
        for field in (getattr(type_, "fields", None) or {}).values():
            field.description = None
            for argument in getattr(field, "args", {}).values():
                argument.description = None
    for directive in schema.directives:
        directive.description = None
        for argument in directive.args.values():
            argument.description = None
    return print_schema(schema)


def main():
    test_text = (HERE / "test-schema.graphql").read_text()
    test = build_schema(test_text)
    attach_resolvers(test)
    large_text = strip_descriptions(Path(sys.argv[1]).read_text()) + "\n"
    (HERE / "large-schema.graphql").write_text(large_text)
    large = build_schema(large_text)

    syntax, printed, valid, executed = [], [], [], []
    calm, wild = Generator(test, 0), Generator(test, 0.12)
    texts = []
    for _ in range(130):
        texts.append(calm.document(depth=3))
    for text in texts + SDL * 9:
        for _ in range(4):
            sample = broken(text)
            # Directives on directives are an experiment that only graphql-core has.
            if re.search(r"directive\s+@\w+(\([^)]*\))?\s*@", sample):
                continue
            try:
                parse(sample)
                result = None
            except GraphQLError as error:
                result = [error.message, *locations(error)[0]]
            syntax.append([sample, result])
    long = "{ a(b: [" + "111111111, " * 12 + "], c: {" + ", ".join(f"key{i}: {{a: [{i}]}}" for i in range(9)) + "}) }"
    for text in texts[:120] + SDL + [long]:
        try:
            printed.append([text, print_ast(parse(text))])
        except GraphQLError as error:
            syntax.append([text, [error.message, *locations(error)[0]]])
    for text in HAND:
        valid.append([0, text, validated(test, text)])
    for index in range(1300):
        kind = R.choice(["query"] * 8 + ["mutation", "subscription"])
        text = wild.document(kind, R.randint(1, 4))
        if len(text) < 1000:
            valid.append([0, text, validated(test, text)])
    calm_large, wild_large = Generator(large, 0), Generator(large, 0.08)
    for index in range(600):
        kind = R.choice(["query"] * 6 + ["mutation"] * 4)
        text = (wild_large if index % 3 else calm_large).document(kind, R.randint(1, 3))
        if len(text) < 1500:
            valid.append([1, text, validated(large, text)])

    candidates = [(text, {}) for text in HAND]
    while len(candidates) < 1250:
        kind = R.choice(["query"] * 9 + ["mutation"])
        text = calm.document(kind, R.randint(1, 4))
        if len(text) > 1200:
            continue
        candidates.append((text, runtime_values(parse(text), test, calm)))
    for text, variables in candidates:
        document = parse(text)
        kinds = [getattr(d, "operation", None) for d in document.definitions]
        if validate(test, document) or "subscription" in [k.value for k in kinds if k]:
            continue
        name = R.choice([None] * 20 + ["A", "Nope"])
        result = graphql_sync(
            test, text, root(), variable_values=variables, operation_name=name)
        data = json.loads(json.dumps(result.formatted, default=lambda _: None))
        if len(json.dumps(data)) < 1000:
            executed.append([text, variables, name, data])

    query = get_introspection_query(
        descriptions=True, specified_by_url=True, schema_description=True,
        directive_is_repeatable=True, input_value_deprecation=True, one_of=True)
    introspection = graphql_sync(test, query).formatted
    corpus = {
        "introspectionQuery": query,
        "introspection": introspection["data"],
        "printedSchema": print_schema(test),
        "sortedSchema": print_schema(lexicographic_sort_schema(test)),
        "syntax": syntax, "printed": printed, "validation": valid, "execution": executed,
    }
    text = json.dumps(corpus, ensure_ascii=False, separators=(",", ":"))
    (HERE / "corpus.json").write_text(text)
    print({key: len(value) for key, value in corpus.items()}, len(text.encode()))


main()
