import { duration, clock, fullTime } from "../../../base/format";
import { CopyButton } from "../../../parts/CopyButton";
import { JsonView } from "../../../parts/json/JsonView";
import { LongText } from "../../../parts/text/LongText";
import { PlainText } from "../../../parts/text/PlainText";
import { useState } from "react";
import { instant } from "../data/instant";
import type { Detail } from "../data/useSpan";
import { asText, isObject, type Json, type JsonObject } from "../model/attributes";
import { readStack } from "../model/stack";
import { isException } from "./SpanPanel";

const PAGE = 50;

export function EventsTab({ events, start }: { readonly events: Detail["events"]; readonly start: number }): JSX.Element {
  const [shown, setShown] = useState(PAGE);
  if (events.length === 0) return <p className="span-none">Nothing happened while this span ran that was worth an event.</p>;
  return (
    <ol className="events">
      {events.slice(0, shown).map((e, i) => <Event key={i} event={e} start={start} />)}
      {shown < events.length && <li><button type="button" className="text-more" onClick={() => setShown(shown * 4)}>Show {Math.min(events.length, shown * 4) - shown} more of {events.length}</button></li>}
    </ol>
  );
}

function Event({ event, start }: { readonly event: Detail["events"][number]; readonly start: number }): JSX.Element {
  const at = instant(event.timestamp), isBad = isException(event), raw = event.attributes as Json, attributes: JsonObject = isObject(raw) ? raw : {};
  const stack = asText(attributes["exception.stacktrace"]), type = asText(attributes["exception.type"]), message = asText(attributes["exception.message"]) || event.message;
  const rest = Object.fromEntries(Object.entries(attributes).filter(([k]) => !["exception.stacktrace", "exception.type", "exception.message"].includes(k)));
  return (
    <li className={isBad ? "event event-bad" : "event"}>
      <div className="event-head">
        <strong><PlainText text={isBad && type ? type : event.name || "(no name)"} /></strong>
        <time title={fullTime(at)} dateTime={event.timestamp}>{Number.isFinite(at) ? <>{clock(at, true)} <span className="dim">{at >= start ? "+" : ""}{duration(at - start)}</span></> : "no time"}</time>
      </div>
      {message && <LongText text={message} limit={3000} />}
      {stack && <Stack text={stack} />}
      {Object.keys(rest).length > 0 && <JsonView value={rest} label="attributes of the event" />}
    </li>
  );
}

/** A stack trace with the frames of the own code standing out from those of libraries. */
function Stack({ text }: { readonly text: string }): JSX.Element {
  const [isPlain, setPlain] = useState(false);
  const lines = isPlain ? [] : readStack(text);
  return (
    <div className="stack">
      <div className="stack-bar"><span>Stack trace</span><button type="button" className="text-more" aria-pressed={isPlain} onClick={() => setPlain(!isPlain)}>As text</button><CopyButton text={text} label="Copy the stack trace" /></div>
      {isPlain || lines.length === 0 ? <LongText text={text} limit={20_000} mono /> : (
        <ol className="stack-lines">
          {lines.map((l, i) => (
            <li key={i} className={`stack-${l.kind}`}>
              {"file" in l ? <><span className="stack-place"><PlainText text={l.file} />{l.line && <b>:{l.line}</b>}</span>{l.name && <span className="stack-name"> <PlainText text={l.name} /></span>}{l.code && <code><PlainText text={l.code} /></code>}</> : <PlainText text={l.text} />}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
