import { Suspense, useMemo } from "react";
import { lazily } from "../../../base/lazily";
import { isOneOf, preference, usePreference } from "../../../base/preferences";
import { JsonView } from "../../../parts/json/JsonView";
import { Segmented } from "../../../parts/Segmented";
import { LongText } from "../../../parts/text/LongText";
import { parseContainer, parseJson } from "../model/attributes";

const Markdown = lazily(() => import("../../../parts/text/Markdown").then((m) => ({ default: m.Markdown })));

const reading = preference<"markdown" | "text">("reading", "markdown", isOneOf("markdown", "text"));

/** Whether texts are read as Markdown or as they are; one choice for all of them. */
export function ReadingSwitch(): JSX.Element {
  const [value, set] = usePreference(reading);
  return <Segmented size="s" label="Read texts as" value={value} onChange={set} options={[{ value: "markdown", label: "Markdown" }, { value: "text", label: "Text" }]} />;
}

/** A JSON text that is a string reads as that string. */
function unquoted(text: string, mimeType: string | undefined): string {
  if (mimeType === "text/plain" || !/^\s*"[^]*"\s*$/.test(text)) return text;
  const value = parseJson(text);
  return typeof value === "string" ? value : text;
}

const MARKDOWN = /(^|\n) {0,3}(#{1,6} |[-*+] |\d+[.)] |>|```|\|.+\|)|\*\*|__|`[^`]+`|\[[^\]]+\]\(/;

/** A value of a span for reading: JSON as a tree, else Markdown or the plain text. */
export function Content({ text: given, mimeType, highlight, limit = 3000 }: { readonly text: string; readonly mimeType?: string | undefined; readonly highlight?: string | undefined; readonly limit?: number }): JSX.Element {
  const [mode] = usePreference(reading);
  const text = useMemo(() => unquoted(given, mimeType), [given, mimeType]);
  const json = useMemo(() => (mimeType === "text/plain" ? undefined : parseContainer(text)), [text, mimeType]);
  if (text === "") return <p className="span-none">Empty.</p>;
  if (json !== undefined && mode === "markdown") return <JsonView value={json} label="value" openTo={3} />;
  // A search marks what it found, which needs the plain text; and a text without any mark needs no Markdown.
  if (mode === "text" || highlight || text.length > 40_000 || !MARKDOWN.test(text)) return <LongText text={text} limit={limit} highlight={highlight} mono={json !== undefined} />;
  return <Suspense fallback={<LongText text={text} limit={limit} />}><Markdown text={text} /></Suspense>;
}
