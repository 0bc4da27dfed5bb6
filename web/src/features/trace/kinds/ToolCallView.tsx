import { useMemo } from "react";
import { jsonText } from "../../../parts/json/json";
import { JsonView } from "../../../parts/json/JsonView";
import { LongText } from "../../../parts/text/LongText";
import { PlainText } from "../../../parts/text/PlainText";
import { asText, isObject, parseContainer, type Json } from "../model/attributes";
import type { ToolCall } from "../model/messages";

const SHORT = 72;

/** A call as one would write it: `name(argument: value, …)`. */
export function ToolCallView({ call, highlight }: { readonly call: ToolCall; readonly highlight?: string | undefined }): JSX.Element {
  const value = useMemo(() => parseContainer(call.arguments), [call.arguments]);
  const entries = isObject(value) ? Object.entries(value) : undefined;
  const isFlat = entries !== undefined && entries.length <= 12 && entries.every(([, v]) => typeof v !== "object" || v === null || jsonText(v, 0).length <= SHORT);
  const isLine = isFlat && entries.reduce((n, [k, v]) => n + k.length + shown(v).length, 0) <= SHORT;
  return (
    <div className="tool-call">
      <div className="tool-call-code">
        <span className="tool-call-name"><PlainText text={call.name || "(no name)"} highlight={highlight} /></span>
        {value === undefined ? call.arguments.length <= SHORT && !call.arguments.includes("\n") ? <>(<PlainText text={call.arguments} highlight={highlight} />)</> : <>(<LongText text={call.arguments} limit={2000} highlight={highlight} mono />)</> : isFlat ? (
          <>
            <span className="json-mark">(</span>
            <span className={isLine ? undefined : "tool-call-lines"}>
              {entries.map(([k, v], i) => <span key={k} className={isLine ? undefined : "tool-call-line"}><span className="json-key"><PlainText text={k} /></span><span className="json-mark">: </span><span className={typeof v === "string" ? "json-string" : "json-number"}>{typeof v === "string" && v.length > 400 ? <LongText text={v} limit={400} /> : <PlainText text={shown(v)} highlight={highlight} />}</span>{i < entries.length - 1 && <span className="json-mark">, </span>}</span>)}
            </span>
            <span className="json-mark">)</span>
          </>
        ) : <JsonView value={value} label={`arguments of ${call.name}`} openTo={2} />}
      </div>
      {call.id && <div className="tool-call-id" title="The id of this call"><PlainText text={call.id} /></div>}
    </div>
  );
}

const shown = (value: Json): string => (typeof value === "string" || (typeof value === "object" && value !== null) ? jsonText(value, 0) : asText(value) || "null");
