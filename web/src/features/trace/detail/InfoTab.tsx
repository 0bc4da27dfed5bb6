import { Suspense } from "react";
import { lazily } from "../../../base/lazily";
import { JsonView } from "../../../parts/json/JsonView";
import { LongText } from "../../../parts/text/LongText";
import { Icon } from "../../../parts/Icon";
import type { Detail } from "../data/useSpan";
import { asText, at, isObject, parseContainer, textAt, type JsonObject } from "../model/attributes";
import { KINDS } from "../model/columns";
import type { TraceModel } from "../model/trace";
import { CallView } from "../kinds/CallView";
import { EmbeddingView } from "../kinds/EmbeddingView";
import { InputOutput } from "../kinds/InputOutput";
import { RerankerView } from "../kinds/RerankerView";
import { RetrieverView } from "../kinds/RetrieverView";
import { ToolView } from "../kinds/ToolView";
import { VerdictView } from "../kinds/VerdictView";
import { isException } from "./SpanPanel";
import { Section } from "./Section";

const Verdicts = lazily(() => import("./Verdicts"));

export interface InfoProps {
  readonly model: TraceModel;
  readonly index: number;
  readonly projectId: string;
  readonly span: Detail;
  readonly attributes: JsonObject;
  readonly highlight: string | undefined;
  readonly onSelect: (index: number) => void;
}

/** What a reader wants of a span first, made for its kind. */
export function InfoTab(props: InfoProps & { readonly onEvents: () => void }): JSX.Element {
  const { span, attributes, model, index } = props;
  return (
    <div className="info">
      <Failure span={span} onEvents={props.onEvents} />
      <Suspense fallback={null}><Verdicts spanId={span.id} /></Suspense>
      <ByKind {...props} kind={KINDS[model.kind[index]!]!} />
      <Metadata attributes={attributes} />
    </div>
  );
}

function ByKind({ kind, ...props }: InfoProps & { readonly kind: string }): JSX.Element {
  switch (kind) {
    case "llm": return <CallView {...props} />;
    case "retriever": return <RetrieverView {...props} />;
    case "reranker": return <RerankerView {...props} />;
    case "embedding": return <EmbeddingView {...props} />;
    case "tool": return <ToolView {...props} />;
    case "guardrail": case "evaluator": case "decision": return <VerdictView {...props} />;
    default: {
      // Instrumentations that do not say the kind may still describe a call.
      const llm = at(props.attributes, "llm");
      return isObject(llm) && (at(llm, "input_messages") !== undefined || at(llm, "output_messages") !== undefined || at(llm, "prompts") !== undefined || at(llm, "prompt_template") !== undefined) ? <CallView {...props} /> : <InputOutput {...props} />;
    }
  }
}

function Failure({ span, onEvents }: { readonly span: Detail; readonly onEvents: () => void }): JSX.Element | null {
  const exception = span.events.find(isException);
  const type = exception && isObject(exception.attributes as never) ? textAt(exception.attributes as JsonObject, "exception.type") ?? asText((exception.attributes as JsonObject)["exception.type"]) : "";
  const message = span.statusMessage || exception?.message || "";
  if (span.statusCode !== "ERROR" && !exception) return null;
  return (
    <div className="failure" role="note" aria-label="Error">
      <Icon name="error" />
      <div className="failure-text">
        {type && <strong>{type}</strong>}
        <LongText text={message || "The span failed and does not say why."} limit={1200} />
        {exception && <button type="button" className="link" onClick={onEvents}>{asText(at(exception.attributes as JsonObject, "exception.stacktrace")) || (exception.attributes as JsonObject)["exception.stacktrace"] ? "Stack trace" : "Events"}</button>}
      </div>
    </div>
  );
}

function Metadata({ attributes }: { readonly attributes: JsonObject }): JSX.Element | null {
  const raw = at(attributes, "metadata"), metadata = typeof raw === "string" ? parseContainer(raw) ?? raw : raw;
  const tags = at(attributes, "tag.tags"), user = textAt(attributes, "user.id"), session = textAt(attributes, "session.id"), agent = textAt(attributes, "agent.name"), node = textAt(attributes, "graph.node.name") ?? textAt(attributes, "graph.node.id");
  const facts = [["agent", agent], ["graph node", node], ["user", user], ["session", session], ["tags", Array.isArray(tags) ? tags.map(asText).join(", ") : asText(tags)]].filter((f): f is [string, string] => Boolean(f[1]));
  const hasMetadata = metadata !== undefined && metadata !== null && !(isObject(metadata) && Object.keys(metadata).length === 0);
  if (facts.length === 0 && !hasMetadata) return null;
  return (
    <Section title="Metadata">
      {facts.length > 0 && <dl className="facts">{facts.map(([k, v]) => <div key={k}><dt>{k}</dt><dd><LongText text={v} limit={300} /></dd></div>)}</dl>}
      {hasMetadata && <JsonView value={metadata} label="metadata" />}
    </Section>
  );
}
