import { plural } from "../../../base/format";
import type { InfoProps } from "../detail/InfoTab";
import { Section } from "../detail/Section";
import { documentsAt } from "../model/documents";
import { DocumentList } from "./DocumentList";
import { ValueSection } from "./InputOutput";

/** What was looked for and what was found, best first. */
export function RetrieverView({ attributes, highlight }: InfoProps): JSX.Element {
  const documents = documentsAt(attributes, "retrieval.documents");
  return (
    <>
      <ValueSection attributes={attributes} side="input" title="Query" highlight={highlight} withSwitch />
      {documents.length > 0
        ? <Section title="Documents" note={plural(documents.length, "document")}><DocumentList documents={documents.map((document, i) => ({ document, before: undefined, after: i }))} highlight={highlight} /></Section>
        : <ValueSection attributes={attributes} side="output" highlight={highlight} />}
    </>
  );
}
