import { useMemo } from "react";
import { duration, integer, tokens } from "../../../base/format";
import { Link } from "../../../base/router";
import { Kind } from "../../../parts/kind/Kind";
import { jsonText } from "../../../parts/json/json";
import { Skeleton } from "../../../parts/Skeleton";
import { LongText } from "../../../parts/text/LongText";
import { PlainText } from "../../../parts/text/PlainText";
import { TextDiff } from "../../../parts/text/TextDiff";
import { useSpan } from "../data/useSpan";
import { Section } from "../detail/Section";
import { asText, at, isObject, parseContainer, type JsonObject } from "../model/attributes";
import { KINDS } from "../model/columns";
import type { DiffRow } from "../model/diff";
import { readCall, type Call } from "../model/llm";
import type { Message } from "../model/messages";
import type { TraceModel } from "../model/trace";
import { valueAt } from "../kinds/InputOutput";
import { spanLink } from "../TraceView";
import { Delta, fineCost } from "./Delta";

interface PairPanelProps {
  readonly left: TraceModel;
  readonly right: TraceModel;
  readonly row: DiffRow | undefined;
  readonly projectId: string;
  readonly list: "spans" | "traces";
  readonly ids: readonly [string, string];
}

/** What differs between the two spans of a pair: numbers, messages, input, output, tools, parameters, the rest. */
export function PairPanel({ left, right, row, projectId, list, ids }: PairPanelProps): JSX.Element {
  const a = useSpan(row && row.left >= 0 ? left.nodeId(row.left) : ""), b = useSpan(row && row.right >= 0 ? right.nodeId(row.right) : "");
  if (!row) return <section className="span" aria-label="Pair"><div className="span-body"><p className="span-none">Nothing to compare.</p></div></section>;
  const model = row.right >= 0 ? right : left, index = row.right >= 0 ? row.right : row.left;
  const isLoading = (row.left >= 0 && !a.span) || (row.right >= 0 && !b.span), error = a.error ?? b.error;
  return (
    <section className="span" aria-label="Pair" data-kind={KINDS[model.kind[index]!]}>
      <header className="span-header">
        <div className="span-line pair-line"><Kind kind={KINDS[model.kind[index]!]!} size={16} /><h2 className="span-title" title={model.name(index)}><PlainText text={model.name(index)} /></h2><span className="push" />
          {row.left >= 0 && <Link className="link" to={spanLink(projectId, list, ids[0], left.nodeId(row.left))}>Open in A</Link>}
          {row.right >= 0 && <Link className="link" to={spanLink(projectId, list, ids[1], right.nodeId(row.right))}>Open in B</Link>}
        </div>
      </header>
      <div className="span-body" role="region" aria-label="Differences of the pair" tabIndex={0}>
        {error ? <p className="span-none" role="alert">{error}</p> : isLoading ? <Skeleton lines={8} label="Loading both spans" /> : row.left < 0 || row.right < 0
          ? <div className="info"><p className="dim">This span is only in {row.left < 0 ? "B" : "A"}.</p><OneSide attributes={row.left < 0 ? b.attributes : a.attributes} /></div>
          : <div className="info"><Numbers left={left} right={right} row={row} /><Contents a={a.attributes} b={b.attributes} messages={[a.span?.statusMessage ?? "", b.span?.statusMessage ?? ""]} /></div>}
      </div>
    </section>
  );
}

function Numbers({ left, right, row }: { readonly left: TraceModel; readonly right: TraceModel; readonly row: DiffRow }): JSX.Element {
  const { left: l, right: r } = row;
  const lines: readonly (readonly [string, number, number, (v: number) => string])[] = [
    ["Time", left.end[l]! - left.start[l]!, right.end[r]! - right.start[r]!, duration],
    ["Tokens", left.tokens[l]!, right.tokens[r]!, tokens], ["Cost", left.cost[l]!, right.cost[r]!, fineCost],
    ...(left.size[l] === 1 && right.size[r] === 1 ? [] : [["Spans below", left.size[l]! - 1, right.size[r]! - 1, integer], ["Tokens with those below", left.totalTokens[l]!, right.totalTokens[r]!, tokens], ["Cost with those below", left.totalCost[l]!, right.totalCost[r]!, fineCost]] as const),
    ["Errors", left.totalErrors[l]!, right.totalErrors[r]!, integer],
  ];
  return (
    <table className="span-table compare-table">
      <thead><tr><th scope="col"><span className="sr">Value</span></th><th scope="col">A</th><th scope="col">B</th><th scope="col">Difference</th></tr></thead>
      <tbody>{lines.filter(([, x, y]) => x > 0 || y > 0).map(([label, x, y, format]) => <tr key={label}><th scope="row">{label}</th><td>{format(x)}</td><td>{format(y)}</td><td><Delta from={x} to={y} format={format} isLessBetter={label !== "Spans below"} least={label === "Time" ? 5 : 0} /></td></tr>)}</tbody>
    </table>
  );
}

function Contents({ a, b, messages }: { readonly a: JsonObject; readonly b: JsonObject; readonly messages: readonly [string, string] }): JSX.Element {
  const [x, y] = useMemo(() => [readCall(a), readCall(b)] as const, [a, b]);
  const pairs = useMemo(() => {
    const hasMessages = x.input.length > 0 && y.input.length > 0, hasAnswers = x.output.length > 0 && y.output.length > 0;
    return [
      ["Status", messages[0], messages[1]],
      ["Model", x.model ?? "", y.model ?? ""],
      ["Parameters", lines(x.parameters), lines(y.parameters)],
      ["Tools", toolText(x), toolText(y)],
      ["Prompt template", x.template?.template ?? "", y.template?.template ?? ""],
      ["Prompt variables", lines(x.template?.variables), lines(y.template?.variables)],
      hasMessages ? ["Messages", conversation(x.input), conversation(y.input)] : ["Input", readable(valueAt(a, "input")), readable(valueAt(b, "input"))],
      hasAnswers ? ["Output", conversation(x.output), conversation(y.output)] : ["Output", readable(valueAt(a, "output")), readable(valueAt(b, "output"))],
      ["Other attributes", others(a), others(b)],
    ] as const;
  }, [a, b, x, y, messages]);
  const differing = pairs.filter(([, l, r]) => l !== r), same = pairs.filter(([, l, r]) => l === r && l !== "");
  return (
    <>
      {differing.map(([title, l, r]) => <Section key={title} title={title ?? ""} isOpen={title !== "Other attributes"}><TextDiff left={l ?? ""} right={r ?? ""} mono={title === "Tools" || title === "Parameters" || title === "Other attributes"} /></Section>)}
      {same.length > 0 && <p className="dim">The same in both: {same.map(([title]) => title?.toLowerCase()).join(", ")}.</p>}
      {differing.length === 0 && same.length === 0 && <p className="dim">Neither has any content.</p>}
    </>
  );
}

function OneSide({ attributes }: { readonly attributes: JsonObject }): JSX.Element {
  const call = readCall(attributes), parts = [["Input", call.input.length > 0 ? conversation(call.input) : readable(valueAt(attributes, "input"))], ["Output", call.output.length > 0 ? conversation(call.output) : readable(valueAt(attributes, "output"))]] as const;
  return <>{parts.map(([title, text]) => (text ? <Section key={title} title={title}><LongText text={text} /></Section> : null))}</>;
}

const MOST = 400_000;

/** JSON by lines, so that its differences can be told; other texts as they are. */
function readable(text: string): string {
  if (text.length > MOST) return text;
  const value = parseContainer(text);
  return value === undefined ? text : jsonText(value);
}

const conversation = (list: readonly Message[]): string =>
  list.map((m) => `[${m.role}]\n${m.parts.map((p) => (p.kind === "text" || p.kind === "reasoning" ? p.text : p.kind === "toolCall" ? `${p.call.name}(${p.call.arguments})` : p.kind === "other" ? asText(p.value) : `(${p.kind})`)).join("\n")}`).join("\n\n");

const lines = (value: JsonObject | undefined): string => Object.entries(value ?? {}).filter(([k]) => k !== "messages" && k !== "tools").sort(([p], [q]) => (p < q ? -1 : 1)).map(([k, v]) => `${k}: ${asText(v)}`).join("\n");

const toolText = (call: Call): string => call.tools.map((t) => `${t.name}\n${t.description ? `  ${t.description}\n` : ""}${jsonText(t.parameters ?? t.definition)}`).join("\n");

/** What the other sections do not show. */
function others(attributes: JsonObject): string {
  const { input: _input, output: _output, llm, ...rest } = attributes;
  const left = isObject(llm) ? Object.fromEntries(Object.entries(llm).filter(([k]) => !["input_messages", "output_messages", "tools", "invocation_parameters", "prompt_template", "model_name", "token_count"].includes(k))) : llm;
  const value = left === undefined || (isObject(left) && Object.keys(left).length === 0) ? rest : { ...rest, llm: left };
  return Object.keys(value).length === 0 || at(value, "") !== undefined ? "" : jsonText(value);
}
