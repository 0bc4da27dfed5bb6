import { plural } from "../../../base/format";
import type { InfoProps } from "../detail/InfoTab";
import { Section } from "../detail/Section";
import { documentsAt } from "../model/documents";
import { DocumentList } from "./DocumentList";
import { InputOutput, ValueSection } from "./InputOutput";

/** What was looked for and what was found, best first. */
export function RetrieverView(props: InfoProps): JSX.Element {
  const { attributes, highlight } = props;
  const documents = documentsAt(attributes, "retrieval.documents");
  if (documents.length === 0) return <InputOutput {...props} />;
  return (
    <>
      <ValueSection attributes={attributes} side="input" title="Query" highlight={highlight} withSwitch />
      <Section title="Documents" note={plural(documents.length, "document")}><DocumentList documents={documents.map((document, i) => ({ document, before: undefined, after: i }))} highlight={highlight} /></Section>
    </>
  );
}
