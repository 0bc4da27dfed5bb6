import { useState } from "react";
import { JsonView, type Json } from "../../parts/json";
import { LongText } from "../../parts/text";
import { Markdown } from "../../parts/text/Markdown";
import type { Folded } from "./fold";
import type { Message } from "./messages";

/** How texts are set: as they are, as Markdown, or as the record has them. */
export type TextForm = "text" | "markdown" | "raw";

interface SaidProps {
  readonly label: string;
  readonly folded: Folded;
  readonly raw: string | null;
  readonly form: TextForm;
  /** Who speaks where the record does not say it. */
  readonly speaker: string;
}

/** One side of a turn, without what was said before. */
export function Said({ label, folded, raw, form, speaker }: SaidProps): JSX.Element {
  const [isOpen, setIsOpen] = useState(false);
  if (form === "raw") {
    return (
      <Line by={speaker}>
        <LongText text={raw ?? ""} mono />
      </Line>
    );
  }
  if (folded.form === "json") {
    return (
      <Line by={speaker}>
        <JsonView value={folded.value as Json} label={label} />
      </Line>
    );
  }
  const earlier: readonly Message[] = folded.form === "messages" ? folded.earlier : folded.earlier ? [{ role: speaker, text: folded.earlier }] : [];
  const now: readonly Message[] = folded.form === "messages" ? folded.messages : [{ role: speaker, text: folded.text }];
  return (
    <>
      {earlier.length > 0 && (
        <Line by="">
          <button type="button" className="turn-fold" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? "Hide" : "Show"} {earlier.length === 1 ? "an earlier message" : `${earlier.length} earlier messages`}
          </button>
        </Line>
      )}
      {[...(isOpen ? earlier : []), ...now].map((message, index) => (
        <Line key={index} by={message.role || speaker} isEarlier={isOpen && index < earlier.length}>
          <Text text={message.text} form={form} />
        </Line>
      ))}
    </>
  );
}

function Text({ text, form }: { readonly text: string; readonly form: TextForm }): JSX.Element {
  if (text === "") return <span className="dim">empty</span>;
  return form === "markdown" ? <Markdown text={text} /> : <LongText text={text} />;
}

interface LineProps {
  readonly by: string;
  readonly isEarlier?: boolean;
  readonly children: JSX.Element;
}

function Line({ by, isEarlier = false, children }: LineProps): JSX.Element {
  return (
    <div className="turn-line" data-role={by.toLowerCase()} data-earlier={isEarlier || undefined}>
      <span className="turn-role">{by}</span>
      <div className="turn-text">{children}</div>
    </div>
  );
}
