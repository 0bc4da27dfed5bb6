import { marked } from "marked";
import { Fragment, useMemo, type ReactNode } from "react";
import { LongText } from "./LongText";
import { PlainText } from "./PlainText";

// Markdown becomes elements from marked's list of tokens and never a string of HTML, so that no text can bring markup of its own.
type Token = marked.Token | marked.Tokens.Tag;

/** Longer texts are shown as they are: cutting into tokens takes time that grows faster than the text. */
const MOST = 40_000;
const DEEPEST = 24;

export function Markdown({ text, highlight }: { readonly text: string; readonly highlight?: string | undefined }): JSX.Element {
  const tokens = useMemo(() => lex(text), [text]);
  if (!tokens) return <LongText text={text} highlight={highlight} />;
  return <div className="md" dir="auto">{children(tokens, 0)}</div>;
}

function lex(text: string): readonly Token[] | null {
  // Runs of markers make the lexer recurse or look far ahead.
  if (text.length > MOST || /(?:[>*_[(`~] ?){200}/.test(text)) return null;
  try { return marked.lexer(text, { gfm: true }); } catch { return null; }
}

const children = (tokens: readonly Token[] | undefined, depth: number, otherwise = ""): ReactNode =>
  tokens && depth < DEEPEST ? tokens.map((t, i) => <Fragment key={i}>{element(t, depth + 1)}</Fragment>) : <PlainText text={tokens ? tokens.map((t) => t.raw).join("") : otherwise} />;

const ENTITIES: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };
const plain = (text: string): JSX.Element => <PlainText text={text.replace(/&(?:amp|lt|gt|quot|#39);/g, (m) => ENTITIES[m] ?? m)} />;

/** Addresses that lead to another site; anything else, above all `javascript:`, stays text. */
export const isWebAddress = (href: string): boolean => /^(?:https?:\/\/|mailto:)/i.test(href);

function element(token: Token, depth: number): ReactNode {
  switch (token.type) {
    case "space": return null;
    case "heading": { const Heading = `h${Math.min(6, token.depth + 3)}` as "h4"; return <Heading>{children(token.tokens, depth)}</Heading>; }
    case "paragraph": return <p>{children(token.tokens, depth)}</p>;
    case "text": return "tokens" in token && token.tokens ? children(token.tokens, depth) : plain(token.text);
    case "escape": return plain(token.text);
    case "strong": return <strong>{children(token.tokens, depth)}</strong>;
    case "em": return <em>{children(token.tokens, depth)}</em>;
    case "del": return <del>{children(token.tokens, depth)}</del>;
    case "codespan": return <code>{plain(token.text)}</code>;
    case "code": return <pre tabIndex={0} aria-label={token.lang ? `Code in ${token.lang}` : "Code"}><code><PlainText text={token.text} /></code></pre>;
    case "br": return <br />;
    case "hr": return <hr />;
    case "blockquote": return <blockquote>{children(token.tokens, depth)}</blockquote>;
    case "link": return isWebAddress(token.href)
      ? <a href={token.href} target="_blank" rel="noreferrer noopener nofollow" title={token.href}>{children(token.tokens, depth)}</a>
      : <>{children(token.tokens, depth)} <span className="md-note">(<PlainText text={token.href} />)</span></>;
    case "image": return <span className="md-note">[image{token.text ? <>: <PlainText text={token.text} /></> : null} — <PlainText text={token.href.slice(0, 200)} />]</span>;
    case "list": {
      const items = token.items.map((item, i) => <li key={i}>{item.task && <input type="checkbox" disabled checked={item.checked === true} aria-label={item.checked ? "done" : "to do"} readOnly />}{children(item.tokens, depth)}</li>);
      return token.ordered ? <ol start={Number(token.start) || 1}>{items}</ol> : <ul>{items}</ul>;
    }
    case "table": return (
      <div className="md-table" tabIndex={0} role="region" aria-label="Table">
        <table>
          <thead><tr>{token.header.map((cell, i) => <th key={i} data-align={token.align[i] ?? undefined}>{children(cell.tokens, depth)}</th>)}</tr></thead>
          <tbody>{token.rows.map((row, i) => <tr key={i}>{row.map((cell, k) => <td key={k} data-align={token.align[k] ?? undefined}>{children(cell.tokens, depth)}</td>)}</tr>)}</tbody>
        </table>
      </div>
    );
    default: return "raw" in token ? <PlainText text={token.raw} /> : null; // HTML, too, is shown as it was written.
  }
}
