import { useState } from "react";
import { jsonText } from "../../../parts/json/json";
import { JsonView } from "../../../parts/json/JsonView";
import { LongText } from "../../../parts/text/LongText";
import { PlainText } from "../../../parts/text/PlainText";
import { at, isList, isObject, textAt, type Json } from "../model/attributes";
import type { Tool } from "../model/llm";

const PAGE = 40;

/** The tools that a model could call. */
export function ToolList({ tools }: { readonly tools: readonly Tool[] }): JSX.Element {
  const [shown, setShown] = useState(PAGE);
  return (
    <div className="tools">
      {tools.slice(0, shown).map((t, i) => (
        <details key={i} className="tool">
          <summary><span className="tool-call-name"><PlainText text={t.name || `tool ${i + 1}`} /></span>{t.description && <span className="tool-about"><PlainText text={t.description.slice(0, 300)} /></span>}</summary>
          {t.description && t.description.length > 100 && <LongText text={t.description} limit={1500} />}
          <Parameters schema={t.parameters} definition={t.definition} />
        </details>
      ))}
      {shown < tools.length && <button type="button" className="text-more" onClick={() => setShown(shown * 4)}>Show more of {tools.length}</button>}
    </div>
  );
}

/** The parameters of a JSON Schema as a table; the schema itself where it is not that simple. */
export function Parameters({ schema, definition }: { readonly schema: Json | undefined; readonly definition: Json }): JSX.Element {
  const properties = at(schema, "properties"), required = at(schema, "required");
  if (!isObject(properties) || Object.keys(properties).length === 0 || Object.keys(properties).length > 60) return <JsonView value={definition} label="definition of the tool" openTo={3} />;
  const isRequired = (name: string): boolean => isList(required) && required.includes(name);
  return (
    <>
      <table className="parameters">
        <thead><tr><th scope="col">Parameter</th><th scope="col">Type</th><th scope="col">About</th></tr></thead>
        <tbody>
          {Object.entries(properties).map(([name, p]) => (
            <tr key={name}>
              <th scope="row"><PlainText text={name} />{isRequired(name) && <span className="parameters-required" title="required"> *</span>}</th>
              <td><PlainText text={typeOf(p)} /></td>
              <td><PlainText text={textAt(p, "description") ?? ""} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      <details className="parameters-raw"><summary>JSON</summary><JsonView value={definition} label="definition of the tool" openTo={3} /></details>
    </>
  );
}

function typeOf(schema: Json): string {
  const options = at(schema, "enum");
  if (isList(options)) return options.map((o) => jsonText(o, 0)).join(" | ").slice(0, 200);
  const items = textAt(schema, "items.type"), type = textAt(schema, "type");
  if (type === "array") return `${items ?? "any"}[]`;
  const any = at(schema, "anyOf");
  return type ?? (isList(any) ? any.map(typeOf).join(" | ") : "any");
}
