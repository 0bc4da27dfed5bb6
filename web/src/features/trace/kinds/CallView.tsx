import { useMemo, useState } from "react";
import { plural } from "../../../base/format";
import { CopyButton } from "../../../parts/CopyButton";
import { JsonView } from "../../../parts/json/JsonView";
import { Segmented } from "../../../parts/Segmented";
import { LongText } from "../../../parts/text/LongText";
import { PlainText } from "../../../parts/text/PlainText";
import { Content, ReadingSwitch } from "../detail/Content";
import type { InfoProps } from "../detail/InfoTab";
import { Section } from "../detail/Section";
import { asText, textAt } from "../model/attributes";
import { readCall, templatePieces, type Call } from "../model/llm";
import { History } from "./History";
import { valueAt, ValueSection } from "./InputOutput";
import { MessageView } from "./MessageView";
import { ToolList } from "./ToolList";

type View = "messages" | "prompt" | "tools" | "raw";

/** A call of a model: what it was given, what it answered, and how it was called. */
export function CallView({ attributes, highlight, model, index, onSelect }: InfoProps): JSX.Element {
  const call = useMemo(() => readCall(attributes), [attributes]);
  const raw = valueAt(attributes, "input"), hasText = call.input.length > 0 || call.prompts.length > 0;
  const views: { value: View; label: string }[] = [
    ...(hasText ? [{ value: "messages" as const, label: call.input.length > 0 ? "Messages" : "Prompts" }] : []),
    ...(call.template ? [{ value: "prompt" as const, label: "Template" }] : []),
    ...(call.tools.length > 0 ? [{ value: "tools" as const, label: `Tools ${call.tools.length}` }] : []),
    ...(raw !== "" ? [{ value: "raw" as const, label: "Raw" }] : []),
  ];
  const [wanted, setView] = useState<View>("messages");
  const view = views.some((v) => v.value === wanted) ? wanted : views[0]?.value;
  return (
    <>
      <CallHead call={call} />
      {views.length > 0 && (
        <Section
          title="Input" note={call.input.length > 0 ? plural(call.input.length, "message") : undefined}
          actions={<>{views.length > 1 && <Segmented size="s" label="Show of the input" value={view ?? "raw"} options={views} onChange={setView} />}{view !== "tools" && <ReadingSwitch />}</>}
        >
          {view === "messages" && (call.input.length > 0 ? <History messages={call.input} model={model} index={index} highlight={highlight} onSelect={onSelect} /> : call.prompts.map((p, i) => <Content key={i} text={p} highlight={highlight} />))}
          {view === "prompt" && call.template && <Template call={call} />}
          {view === "tools" && <ToolList tools={call.tools} />}
          {view === "raw" && <div className="span-copied"><CopyButton text={raw} label="Copy the input" /><Content text={raw} mimeType={textAt(attributes, "input.mime_type")} highlight={highlight} /></div>}
        </Section>
      )}
      <Output call={call} {...{ attributes, highlight }} />
    </>
  );
}

function Output({ call, attributes, highlight }: { readonly call: Call } & Pick<InfoProps, "attributes" | "highlight">): JSX.Element | null {
  const [wanted, setView] = useState<"messages" | "raw">("messages");
  const raw = valueAt(attributes, "output"), has = call.output.length > 0 || call.choices.length > 0, view = has ? wanted : "raw";
  const calls = call.output.reduce((n, m) => n + m.parts.filter((p) => p.kind === "toolCall").length, 0);
  if (!has) return <ValueSection attributes={attributes} side="output" highlight={highlight} />;
  return (
    <Section
      title="Output" note={[calls > 0 ? plural(calls, "tool call") : "", call.finishReason ?? ""].filter(Boolean).join(" · ") || undefined}
      actions={<>{raw !== "" && <Segmented size="s" label="Show of the output" value={view} options={[{ value: "messages", label: call.output.length > 0 ? "Messages" : "Choices" }, { value: "raw", label: "Raw" }]} onChange={setView} />}<CopyButton text={raw || call.output.map((m) => m.parts.map((p) => (p.kind === "text" ? p.text : "")).join("\n")).join("\n")} label="Copy the output" /></>}
    >
      {view === "raw" ? <Content text={raw} mimeType={textAt(attributes, "output.mime_type")} highlight={highlight} /> : (
        <>
          {call.output.map((m, i) => <MessageView key={i} message={m} highlight={highlight} isAnswer />)}
          {call.choices.map((c, i) => <Content key={i} text={c} highlight={highlight} />)}
        </>
      )}
    </Section>
  );
}

const SHORT = 60;
/** Parameters that are shown elsewhere or say nothing of how the model was called. */
const NOT_SHOWN = new Set(["messages", "tools", "functions", "contents", "id", "created_at", "object", "status", "model"]);

function CallHead({ call }: { readonly call: Call }): JSX.Element | null {
  const [isOpen, setOpen] = useState(false);
  const entries = Object.entries(call.parameters).filter(([k, v]) => !NOT_SHOWN.has(k) && v !== null && !["", "{}", "[]", call.model].includes(asText(v)));
  const isShort = (v: unknown): boolean => asText(v as never).length <= SHORT;
  const more = entries.filter(([, v]) => !isShort(v)).length;
  if (!call.model && entries.length === 0 && call.parametersText === undefined) return null;
  return (
    <div className="call-head">
      {call.model && <span className="call-model"><PlainText text={call.model} /></span>}
      {call.provider && call.provider !== call.system && <span className="call-fact"><span>provider</span> <PlainText text={call.provider} /></span>}
      {call.otherModels.map((m) => <span key={m.label} className="call-fact"><span>{m.label}</span> <PlainText text={m.name} /></span>)}
      {entries.filter(([, v]) => isShort(v)).slice(0, 12).map(([k, v]) => <span key={k} className="call-fact"><span><PlainText text={k.replace(/_/g, " ")} /></span> <PlainText text={asText(v)} /></span>)}
      {call.parametersText !== undefined && <span className="call-fact"><span>parameters</span> <PlainText text={call.parametersText.slice(0, 200)} /></span>}
      {(more > 0 || entries.length > 12) && <button type="button" className="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{isOpen ? "fewer" : "all"} parameters</button>}
      {isOpen && <div className="call-all"><JsonView value={call.parameters} label="invocation parameters" openTo={2} /></div>}
    </div>
  );
}

function Template({ call }: { readonly call: Call }): JSX.Element | null {
  const { template } = call;
  if (!template) return null;
  const names = new Set(Object.keys(template.variables));
  return (
    <div className="template">
      {template.version && <p className="dim">Version <PlainText text={template.version} /></p>}
      {template.template !== "" && <div className="template-text text">{templatePieces(template.template.slice(0, 50_000), names).map((p, i) => (p.variable ? <mark key={i} className="template-variable"><PlainText text={p.text} /></mark> : <PlainText key={i} text={p.text} />))}</div>}
      {names.size > 0 && (
        <dl className="facts">
          {Object.entries(template.variables).map(([k, v]) => <div key={k}><dt><PlainText text={k} /></dt><dd><LongText text={asText(v)} limit={800} /></dd></div>)}
        </dl>
      )}
    </div>
  );
}
