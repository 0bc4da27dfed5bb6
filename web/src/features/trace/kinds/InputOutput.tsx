import { CopyButton } from "../../../parts/CopyButton";
import { Content, ReadingSwitch } from "../detail/Content";
import type { InfoProps } from "../detail/InfoTab";
import { Section } from "../detail/Section";
import { asText, at, textAt, type JsonObject } from "../model/attributes";

/** A value of a span's input or output, however it was stored. */
export const valueAt = (attributes: JsonObject, side: "input" | "output"): string => {
  const value = at(attributes, `${side}.value`);
  return value === undefined && typeof at(attributes, side) === "string" ? asText(at(attributes, side)) : asText(value);
};

export function ValueSection({ attributes, side, title, highlight, withSwitch = false }: { readonly attributes: JsonObject; readonly side: "input" | "output"; readonly title?: string; readonly highlight: string | undefined; readonly withSwitch?: boolean }): JSX.Element | null {
  const text = valueAt(attributes, side);
  if (text === "") return null;
  return (
    <Section title={title ?? (side === "input" ? "Input" : "Output")} actions={<>{withSwitch && <ReadingSwitch />}<CopyButton text={text} label={`Copy the ${side}`} /></>}>
      <Content text={text} mimeType={textAt(attributes, `${side}.mime_type`)} highlight={highlight} />
    </Section>
  );
}

/** Chains, agents and whatever has no view of its own: what went in, what came out. */
export function InputOutput({ attributes, highlight }: InfoProps): JSX.Element {
  if (valueAt(attributes, "input") === "" && valueAt(attributes, "output") === "") return <p className="span-none">This span has neither input nor output. All that it says is among its attributes.</p>;
  return (
    <>
      <ValueSection attributes={attributes} side="input" highlight={highlight} withSwitch />
      <ValueSection attributes={attributes} side="output" highlight={highlight} withSwitch={valueAt(attributes, "input") === ""} />
    </>
  );
}
