import { useState } from "react";
import { plural } from "../../../base/format";
import { PlainText } from "../../../parts/text/PlainText";
import { Content } from "../detail/Content";
import type { InfoProps } from "../detail/InfoTab";
import { Section } from "../detail/Section";
import { asText, at, isList, listAt, textAt, type Json } from "../model/attributes";
import { ValueSection } from "./InputOutput";

const PAGE = 50;

/** The texts that were turned into vectors. */
export function EmbeddingView({ attributes, highlight }: InfoProps): JSX.Element {
  const [shown, setShown] = useState(PAGE);
  const items = listAt(attributes, "embedding.embeddings"), model = textAt(attributes, "embedding.model_name"), parameters = textAt(attributes, "embedding.invocation_parameters");
  const texts = items.filter((i) => textAt(i, "embedding.text") !== undefined);
  return (
    <>
      <div className="call-head">
        {model && <span className="call-model"><PlainText text={model} /></span>}
        {items.length > 0 && <span className="call-fact"><span>vectors</span> {items.length}</span>}
        {lengthOf(items[0]) !== undefined && <span className="call-fact"><span>dimensions</span> {lengthOf(items[0])}</span>}
        {parameters && <span className="call-fact"><span>parameters</span> <PlainText text={parameters.slice(0, 200)} /></span>}
      </div>
      {texts.length > 0 ? (
        <Section title="Embedded texts" note={plural(texts.length, "text")}>
          <ol className="documents">
            {texts.slice(0, shown).map((t, i) => <li key={i} className="document"><div className="document-rank"><b>{i + 1}</b></div><div className="document-main"><Content text={asText(at(t, "embedding.text"))} highlight={highlight} limit={700} /></div></li>)}
            {shown < texts.length && <li><button type="button" className="text-more" onClick={() => setShown(shown * 4)}>Show more of {texts.length}</button></li>}
          </ol>
        </Section>
      ) : <ValueSection attributes={attributes} side="input" highlight={highlight} />}
      <ValueSection attributes={attributes} side="output" highlight={highlight} />
    </>
  );
}

/** The server puts a sentence with the length in the place of a vector. */
function lengthOf(item: Json | undefined): number | undefined {
  const vector = at(item, "embedding.vector");
  if (isList(vector)) return vector.length;
  const m = typeof vector === "string" ? /\d+/.exec(vector) : typeof vector === "number" ? [String(vector)] : null;
  return m ? Number(m[0]) : undefined;
}
