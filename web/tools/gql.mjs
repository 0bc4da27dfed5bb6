// Checks operations/*.graphql against the server's schema files and writes their TypeScript types to src/generated/graphql.ts.
// An operation becomes a value that base/graphql sends; a fragment becomes a type. An object of an abstract type carries its
// `__typename`, so that TypeScript tells the cases apart.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { at, fail, filesBelow, schemaFiles, sha256 } from "./paths.mjs";

const g = createRequire(import.meta.url)("/usr/share/nodejs/graphql");
const SCALARS = {
  ID: "string", String: "string", Int: "number", Float: "number", Boolean: "boolean", DateTime: "string", JSON: "unknown", Identifier: "string",
  CronExpression: "string", RedactedString: "string", SecretString: "string",
};

export function generate() {
  const schema = g.buildSchema(schemaFiles().map((file) => readFileSync(file, "utf8")).join("\n"), { assumeValidSDL: true });
  const document = read(schema);
  const fragments = new Map(document.definitions.filter((d) => d.kind === "FragmentDefinition").map((d) => [d.name.value, d]));
  const named = new Map();

  const nullable = (text) => `${text} | null`;
  const wrap = (type, leaf) =>
    g.isNonNullType(type) ? bare(type.ofType, leaf) : nullable(bare(type, leaf));
  const bare = (type, leaf) => (g.isListType(type) ? `readonly (${wrap(type.ofType, leaf)})[]` : leaf(type));
  const leaf = (type) => {
    if (g.isEnumType(type) || g.isInputObjectType(type)) {
      if (!named.has(type.name)) {
        named.set(type.name, type);
        if (g.isInputObjectType(type)) for (const f of Object.values(type.getFields())) wrap(f.type, leaf);
      }
      return type.name;
    }
    return SCALARS[type.name] ?? "unknown";
  };

  /** What is selected of one object type: response key → its field and the selection sets below it. */
  function collect(type, sets, into = new Map()) {
    for (const set of sets) {
      for (const s of set.selections) {
        if (s.kind === "Field") {
          const key = s.alias?.value ?? s.name.value;
          const known = into.get(key) ?? { name: s.name.value, sets: [], optional: true };
          if (s.selectionSet) known.sets.push(s.selectionSet);
          known.optional &&= (s.directives ?? []).some((d) => ["skip", "include"].includes(d.name.value));
          into.set(key, known);
          continue;
        }
        const fragment = s.kind === "FragmentSpread" ? fragments.get(s.name.value) : s;
        const condition = fragment.typeCondition ? schema.getType(fragment.typeCondition.name.value) : type;
        if (applies(condition, type)) collect(type, [fragment.selectionSet], into);
      }
    }
    return into;
  }
  const applies = (condition, type) => condition === type || (g.isAbstractType(condition) && schema.isSubType(condition, type));

  const members = (type, fields) =>
    `{ ${[...fields]
      .map(([key, { name, sets, optional }]) => {
        if (name === "__typename") return `readonly ${key}: ${JSON.stringify(type.name)}`;
        const { type: of } = type.getFields()[name];
        return `readonly ${key}${optional ? "?" : ""}: ${wrap(of, sets.length ? (named) => object(named, sets) : leaf)}`;
      })
      .join("; ")} }`;

  function object(type, sets) {
    if (!g.isAbstractType(type)) return members(type, collect(type, sets));
    const cases = new Map();
    const others = [];
    for (const possible of schema.getPossibleTypes(type)) {
      const fields = collect(possible, sets);
      fields.delete("__typename");
      const shape = new Map([["__typename", { name: "__typename", sets: [], optional: false }], ...fields]);
      if (fields.size === 0) others.push(JSON.stringify(possible.name));
      else cases.set(possible.name, members(possible, shape));
    }
    const rest = others.length ? [`{ readonly __typename: ${others.join(" | ")} }`] : [];
    return `(${[...cases.values(), ...rest].join(" | ")})`;
  }

  const out = [];
  const texts = {};
  for (const definition of document.definitions) {
    const name = definition.name.value;
    if (definition.kind === "FragmentDefinition") {
      out.push(`export type ${name} = ${object(schema.getType(definition.typeCondition.name.value), [definition.selectionSet])};`);
      continue;
    }
    const root = schema.getRootType(definition.operation);
    const variables = (definition.variableDefinitions ?? []).map((v) => {
      const type = g.typeFromAST(schema, v.type);
      return `readonly ${v.variable.name.value}${g.isNonNullType(type) && !v.defaultValue ? "" : "?"}: ${wrap(type, leaf)}`;
    });
    const text = g.stripIgnoredCharacters(g.print({ kind: "Document", definitions: [definition, ...used(definition, fragments)] }));
    texts[sha256(text)] = text;
    out.push(
      `export type ${name}Variables = ${variables.length ? `{ ${variables.join("; ")} }` : "Readonly<Record<string, never>>"};`,
      `export type ${name}Data = ${object(root, [definition.selectionSet])};`,
      `export const ${name}: Operation<${name}Data, ${name}Variables> = { name: ${JSON.stringify(name)}, kind: ${JSON.stringify(definition.operation)}, hash: "${sha256(text)}", text: ${JSON.stringify(text)} };`,
    );
  }
  const types = [...named.values()].map((type) =>
    g.isEnumType(type)
      ? `export type ${type.name} = ${type.getValues().map((v) => JSON.stringify(v.name)).join(" | ")};`
      : `export type ${type.name} = { ${Object.values(type.getFields()).map((f) => `readonly ${f.name}${g.isRequiredInputField(f) ? "" : "?"}: ${wrap(f.type, leaf)}`).join("; ")} };`,
  );
  mkdirSync(at("src/generated"), { recursive: true });
  writeFileSync(at("src/generated/operations.json"), JSON.stringify(texts));
  const file = at("src/generated/graphql.ts");
  const text = `// Written by tools/gql.mjs; do not edit.\nimport type { Operation } from "../base/graphql";\n\n${[...types, ...out].join("\n")}\n`;
  let old = "";
  try {
    old = readFileSync(file, "utf8");
  } catch {
    // There is none yet.
  }
  if (old !== text) writeFileSync(file, text);
}

/** All operations and fragments as one valid document; their names are unique over all files. */
function read(schema) {
  let wrong = 0;
  const definitions = [];
  const where = new Map();
  for (const file of filesBelow(at("operations"), (f) => f.endsWith(".graphql"))) {
    try {
      for (const d of g.parse(readFileSync(file, "utf8")).definitions) {
        where.set(d, path.relative(at(), file));
        definitions.push(addTypenames(schema, d));
        where.set(definitions.at(-1), path.relative(at(), file));
      }
    } catch (error) {
      wrong++;
      console.error(`${path.relative(at(), file)}: ${error.message}`);
    }
  }
  const document = { kind: "Document", definitions };
  for (const error of g.validate(schema, document)) {
    wrong++;
    const own = definitions.find((d) => error.nodes?.some((n) => n.loc && d.loc && n.loc.source === d.loc.source));
    console.error(`${where.get(own) ?? "operations"}:${error.locations?.[0]?.line ?? 1}: ${error.message}`);
  }
  if (wrong) fail(`${wrong} wrong GraphQL ${wrong === 1 ? "operation" : "operations"}.`);
  return document;
}

function addTypenames(schema, definition) {
  const info = new g.TypeInfo(schema);
  return g.visit(
    definition,
    g.visitWithTypeInfo(info, {
      SelectionSet: {
        leave(node, _key, parent) {
          const type = info.getParentType();
          if (!type || !g.isAbstractType(type) || parent?.kind === "OperationDefinition") return undefined;
          if (node.selections.some((s) => s.kind === "Field" && s.name.value === "__typename" && !s.alias)) return undefined;
          return { ...node, selections: [{ kind: "Field", name: { kind: "Name", value: "__typename" } }, ...node.selections] };
        },
      },
    }),
  );
}

/** The fragments that an operation spreads, directly or through others. */
function used(definition, fragments, into = new Set()) {
  g.visit(definition, {
    FragmentSpread(node) {
      const fragment = fragments.get(node.name.value);
      if (fragment && !into.has(fragment)) {
        into.add(fragment);
        used(fragment, fragments, into);
      }
    },
  });
  return into;
}

if (process.argv[1] === new URL(import.meta.url).pathname) generate();
