import { CopyButton } from "../../../parts/CopyButton";
import { LongText } from "../../../parts/text/LongText";
import { PlainText } from "../../../parts/text/PlainText";
import { Content } from "../detail/Content";
import { asText } from "../model/attributes";
import type { Message, Part } from "../model/messages";
import { JsonView } from "../../../parts/json/JsonView";
import { Media } from "./Media";
import { ToolCallView } from "./ToolCallView";

const TONES: Readonly<Record<string, string>> = { system: "system", developer: "system", user: "user", human: "user", assistant: "assistant", model: "assistant", ai: "assistant", tool: "tool", function: "tool" };

/** One message of a conversation. */
export function MessageView({ message, highlight, isAnswer = false }: { readonly message: Message; readonly highlight: string | undefined; readonly isAnswer?: boolean }): JSX.Element {
  const role = message.role || (isAnswer ? "assistant" : "no role");
  const text = message.parts.map((p) => (p.kind === "text" || p.kind === "reasoning" ? p.text : p.kind === "toolCall" ? `${p.call.name}(${p.call.arguments})` : "")).filter(Boolean).join("\n\n");
  return (
    <article className="message" data-role={TONES[role.toLowerCase()] ?? "other"} aria-label={`Message of ${role}`}>
      <header className="message-head">
        <span className="message-role"><PlainText text={role} /></span>
        {message.name && <span className="message-name"><PlainText text={message.name} /></span>}
        {message.answers && <span className="message-name" title="The call that this answers">↳ <PlainText text={message.answers} /></span>}
        {message.finishReason && <span className="message-name"><PlainText text={message.finishReason} /></span>}
        <span className="push" />
        {text !== "" && <CopyButton text={text} label="Copy the message" />}
      </header>
      {message.parts.length === 0 ? <p className="span-none">Empty.</p> : message.parts.map((p, i) => <PartView key={i} part={p} highlight={highlight} />)}
    </article>
  );
}

function PartView({ part, highlight }: { readonly part: Part; readonly highlight: string | undefined }): JSX.Element {
  switch (part.kind) {
    case "text": return <Content text={part.text} highlight={highlight} limit={2400} />;
    case "reasoning": return (
      <details className="reasoning" open>
        <summary>Reasoning{part.signed && <span className="dim"> · signed</span>}</summary>
        {part.text ? <LongText text={part.text} limit={2400} highlight={highlight} /> : <p className="span-none">Not shown by the model.</p>}
      </details>
    );
    case "toolCall": return <ToolCallView call={part.call} highlight={highlight} />;
    case "image": return <Media what="image" url={part.url} />;
    case "audio": return <Media what="audio" url={part.url} note={part.transcript} />;
    case "file": return part.url ? <Media what={part.what} url={part.url} note={part.name ?? part.text} /> : <Content text={part.text ?? asText(part.name)} highlight={highlight} />;
    case "other": return <JsonView value={part.value} label="part of the message" />;
  }
}
