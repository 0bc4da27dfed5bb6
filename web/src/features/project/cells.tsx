import * as format from "../../base/format";
import { Icon } from "../../parts/Icon";
import { VisibleText } from "../../parts/text/PlainText";
import { visibleText } from "../../parts/text/visible";
import type { Snippet } from "./spans/useSnippets";

/** A text with the parts marked that somebody looks for, whatever their case. */
export function Marked({ text, wanted }: { readonly text: string; readonly wanted: readonly string[] }): JSX.Element {
  if (wanted.length === 0 || text === "") return <VisibleText text={text} />;
  const pattern = new RegExp(`(${[...wanted].sort((a, b) => b.length - a.length).map(escaped).join("|")})`, "giu");
  return (
    <>
      {text.split(pattern).map((part, at) => (at % 2 === 1 ? <mark key={at}><VisibleText text={part} /></mark> : <VisibleText key={at} text={part} />))}
    </>
  );
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");

const STATUS_NAMES = { OK: "OK", ERROR: "Error", UNSET: "Unset" } as const;

interface StatusProps {
  readonly code: keyof typeof STATUS_NAMES;
  readonly message?: string;
  /** How many spans below failed, where that is known. */
  readonly failedBelow?: number;
}

export function Status({ code, message, failedBelow = 0 }: StatusProps): JSX.Element {
  if (code !== "ERROR" && failedBelow > 0) {
    const text = `${format.plural(failedBelow, "error")} below`;
    return (
      <span className="cell-status" data-code="BELOW" title={text}>
        <Icon name="warning" size={14} />
        <span className="sr">{text}</span>
      </span>
    );
  }
  return (
    <span className="cell-status" data-code={code} title={message ? visibleText(message) : STATUS_NAMES[code]}>
      {code === "UNSET" ? <span className="cell-unset" /> : <Icon name={code === "OK" ? "check" : "error"} size={14} />}
      <span className="sr">{STATUS_NAMES[code]}</span>
    </span>
  );
}

export function Time({ at }: { readonly at: string | null }): JSX.Element {
  if (at === null) return <span className="dim">–</span>;
  return (
    <time className="cell-time" dateTime={at} title={format.fullTime(at)}>
      {format.time(at)}
    </time>
  );
}

const BAR_DECADES = 5;

/** A duration with a bar whose length grows with its order of magnitude: 1 ms is nothing, 100 s is all. */
export function Latency({ ms }: { readonly ms: number | null }): JSX.Element {
  if (ms === null) return <span className="dim">–</span>;
  const share = Math.max(0, Math.min(1, Math.log10(Math.max(1, ms)) / BAR_DECADES));
  return (
    <span className="cell-latency" data-slow={ms >= 10_000 || undefined}>
      <span className="cell-track">
        <span className="cell-bar" style={{ width: `${Math.round(share * 100)}%` }} />
      </span>
      <span>{format.duration(ms)}</span>
    </span>
  );
}

export const Tokens = ({ count }: { readonly count: number | null | undefined }): JSX.Element => (count ? <>{format.tokens(count)}</> : <span className="dim">–</span>);

export const Cost = ({ usd }: { readonly usd: number | null | undefined }): JSX.Element => (usd ? <>{format.cost(usd)}</> : <span className="dim">–</span>);

export function Identifier({ text }: { readonly text: string }): JSX.Element {
  return (
    <code className="cell-id" title={visibleText(text)}>
      <VisibleText text={text} />
    </code>
  );
}

/** What a person wants to read of an input or an output: the last message of a list of messages, else the text. */
export function ValueText({ value, wanted }: { readonly value: { readonly lastMessage: string } | null; readonly wanted: readonly string[] }): JSX.Element | null {
  if (value === null) return null;
  return (
    <span className="cell-value" title={visibleText(value.lastMessage)}>
      <Marked text={value.lastMessage.replace(/\s+/gu, " ")} wanted={wanted} />
    </span>
  );
}

const BEFORE_MAX = 8;

/** A found text with what is around it; its title says where it was found. */
export function SnippetText({ snippet }: { readonly snippet: Snippet | undefined }): JSX.Element | null {
  if (snippet === undefined) return null;
  const { before, match, after, field } = snippet;
  // Whole words, where there are any.
  const shown = before.length > BEFORE_MAX ? `…${[...before].slice(-BEFORE_MAX).join("").replace(/^\S+\s+(?=\S)/u, "")}` : before;
  return (
    <span className="cell-value" title={visibleText(`${field}: ${before}${match}${after}`)}>
      <VisibleText text={shown.replace(/\s+/gu, " ")} />
      <mark>
        <VisibleText text={match} />
      </mark>
      <VisibleText text={after.replace(/\s+/gu, " ")} />
    </span>
  );
}
