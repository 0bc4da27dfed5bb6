import { plural } from "../../../base/format";
import { LongText } from "../../../parts/text/LongText";
import { PlainText } from "../../../parts/text/PlainText";
import type { InfoProps } from "../detail/InfoTab";
import { Section } from "../detail/Section";
import { textAt } from "../model/attributes";
import { alignDocuments, documentsAt } from "../model/documents";
import { DocumentList } from "./DocumentList";
import { InputOutput, ValueSection } from "./InputOutput";

/** The documents in their new order, each with where it stood before; then those that were dropped. */
export function RerankerView(props: InfoProps): JSX.Element {
  const { attributes, highlight } = props;
  const before = documentsAt(attributes, "reranker.input_documents"), after = documentsAt(attributes, "reranker.output_documents");
  const query = textAt(attributes, "reranker.query"), model = textAt(attributes, "reranker.model_name"), top = textAt(attributes, "reranker.top_k");
  if (before.length === 0 && after.length === 0) return <InputOutput {...props} />;
  const aligned = alignDocuments(before, after), dropped = aligned.filter((d) => d.after === undefined).length;
  return (
    <>
      <div className="call-head">
        {model && <span className="call-model"><PlainText text={model} /></span>}
        {top && <span className="call-fact"><span>top k</span> {top}</span>}
      </div>
      {query ? <Section title="Query"><LongText text={query} limit={2000} highlight={highlight} /></Section> : <ValueSection attributes={attributes} side="input" title="Query" highlight={highlight} />}
      <Section title="Documents" note={`${plural(before.length, "document")} in, ${after.length} out${dropped > 0 ? `, ${dropped} dropped` : ""}`}>
        <DocumentList documents={aligned} highlight={highlight} isRanked={before.length > 0 && after.length > 0} />
      </Section>
    </>
  );
}
