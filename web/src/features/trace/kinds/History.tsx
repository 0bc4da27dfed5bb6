import { useEffect, useMemo, useState } from "react";
import { fetchQuery } from "../../../base/cache";
import { plural } from "../../../base/format";
import { SpanDetail } from "../../../generated/graphql";
import { PlainText } from "../../../parts/text/PlainText";
import { attributesOf } from "../data/useSpan";
import { historyRuns } from "../model/history";
import { gist, hashesOf, messagesAt, type Message } from "../model/messages";
import { earlierCalls } from "../model/predecessors";
import type { TraceModel } from "../model/trace";
import { MessageView } from "./MessageView";

const LOOK_BACK = 3;
const PAGE = 40;

/** The messages that a call was given; what earlier calls of the trace already showed is folded. */
export function History({ messages, model, index, highlight, onSelect }: { readonly messages: readonly Message[]; readonly model: TraceModel; readonly index: number; readonly highlight: string | undefined; readonly onSelect: (index: number) => void }): JSX.Element {
  const earlier = useMemo(() => (messages.length > 1 ? earlierCalls(model, index, LOOK_BACK) : []), [messages.length, model, index]);
  const seen = useSeen(model, earlier);
  const runs = useMemo(() => (seen ? historyRuns(messages, seen.hashes) : [{ kind: "new" as const, from: 0, to: messages.length }]), [messages, seen]);
  // Until it is known what can be folded, a long conversation would only flash by.
  if (!seen && earlier.length > 0 && messages.length > 6) return <p className="dim" role="status">Looking for what earlier calls showed …</p>;
  return <>{runs.map((r) => (r.kind === "new" || highlight
    ? <Run key={r.from} messages={messages.slice(r.from, r.to)} highlight={highlight} />
    : <Folded key={r.from} messages={messages.slice(r.from, r.to)} model={model} from={seen?.where.get(messages[r.to - 1]?.hash ?? "")} highlight={highlight} onSelect={onSelect} />))}</>;
}

function Run({ messages, highlight }: { readonly messages: readonly Message[]; readonly highlight: string | undefined }): JSX.Element {
  const [all, setAll] = useState(false);
  const cut = !all && messages.length > PAGE * 1.5;
  const shown = cut ? [...messages.slice(0, 3), ...messages.slice(-PAGE + 3)] : messages;
  return <>{shown.map((m, i) => [cut && i === 3 ? <button key="more" type="button" className="text-more" onClick={() => setAll(true)}>Show {messages.length - shown.length} messages between</button> : null, <MessageView key={i} message={m} highlight={highlight} />])}</>;
}

function Folded({ messages, model, from, highlight, onSelect }: { readonly messages: readonly Message[]; readonly model: TraceModel; readonly from: number | undefined; readonly highlight: string | undefined; readonly onSelect: (index: number) => void }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const roles = [...new Set(messages.map((m) => m.role))].slice(0, 4).join(", ");
  return (
    <div className="folded">
      <div className="folded-head">
        <button type="button" className="folded-toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <span className="section-twisty" aria-hidden="true" />
          <span className="folded-count">{plural(messages.length, "message")} shown before</span>
          <span className="folded-gist"><PlainText text={messages.length === 1 ? `${messages[0]!.role}: ${gist(messages[0]!).slice(0, 160)}` : roles} /></span>
        </button>
        {from !== undefined && <button type="button" className="link" title="The latest call that showed them" onClick={() => onSelect(from)}>in <PlainText text={model.name(from).slice(0, 40)} /></button>}
      </div>
      {isOpen && <Run messages={messages} highlight={highlight} />}
    </div>
  );
}

interface Seen { readonly hashes: ReadonlySet<string>; readonly where: ReadonlyMap<string, number> }

/** The messages that earlier calls were given or answered; undefined until they are read. */
function useSeen(model: TraceModel, earlier: readonly number[]): Seen | undefined {
  const [state, setState] = useState<{ readonly of: readonly number[]; readonly seen: Seen }>();
  useEffect(() => {
    let isCurrent = true;
    void Promise.all(earlier.map(async (i) => {
      try {
        const { node } = await fetchQuery(SpanDetail, { span: model.nodeId(i) });
        return node.__typename === "Span" ? attributesOf(node) : undefined;
      } catch { return undefined; } // What cannot be read folds nothing.
    })).then((list) => {
      if (!isCurrent) return;
      const where = new Map<string, number>();
      list.forEach((attributes, k) => {
        if (!attributes) return;
        for (const m of [...messagesAt(attributes, "llm.input_messages"), ...messagesAt(attributes, "llm.output_messages")]) for (const hash of hashesOf(m)) if (!where.has(hash)) where.set(hash, earlier[k]!);
      });
      setState({ of: earlier, seen: { hashes: new Set(where.keys()), where } });
    });
    return () => { isCurrent = false; };
  }, [model, earlier]);
  return state && state.of === earlier ? state.seen : undefined;
}
