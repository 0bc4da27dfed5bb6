import { LongText } from "../../../parts/text/LongText";
import { jsonText } from "../../../parts/json/json";
import { JsonView } from "../../../parts/json/JsonView";
import type { InfoProps } from "../detail/InfoTab";
import { Section } from "../detail/Section";
import { asText, at, isObject, parseContainer, textAt, type Json } from "../model/attributes";
import { valueAt, ValueSection } from "./InputOutput";
import { ToolCallView } from "./ToolCallView";
import { Parameters } from "./ToolList";

/** A tool: the call, what it returned, and what it says of itself. */
export function ToolView({ attributes, highlight, span }: InfoProps): JSX.Element {
  const name = textAt(attributes, "tool.name") ?? span.name, description = textAt(attributes, "tool.description"), id = textAt(attributes, "tool_call.id") ?? textAt(attributes, "tool.call_id") ?? textAt(attributes, "tool.id");
  const raw = at(attributes, "tool.parameters") ?? at(attributes, "tool.json_schema"), parameters = typeof raw === "string" ? parseContainer(raw) ?? raw : raw;
  const called = textAt(attributes, "tool_call.function.arguments") ?? valueAt(attributes, "input"), value = parseContainer(called);
  return (
    <>
      {called !== "" && (
        <Section title="Call" note={undefined}>
          <ToolCallView call={{ id, name, arguments: unwrapped(value) ?? called }} highlight={highlight} />
        </Section>
      )}
      <ValueSection attributes={attributes} side="output" title="Result" highlight={highlight} withSwitch />
      {(description || parameters !== undefined) && (
        <Section title="Definition" isOpen={called === ""}>
          {description && <LongText text={description} limit={1500} />}
          {parameters !== undefined && (isObject(parameters) && isObject(at(parameters, "properties")) ? <Parameters schema={parameters} definition={parameters} /> : typeof parameters === "object" ? <JsonView value={parameters} label="parameters of the tool" openTo={2} /> : <LongText text={asText(parameters)} mono />)}
        </Section>
      )}
    </>
  );
}

/** The arguments where a library put them one level down. */
function unwrapped(value: Json | undefined): string | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  const inner = value["input"] ?? value["kwargs"];
  return isObject(inner) ? jsonText(inner, 0) : undefined;
}
