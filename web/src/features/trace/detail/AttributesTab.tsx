import { CopyButton } from "../../../parts/CopyButton";
import { JsonView } from "../../../parts/json/JsonView";
import type { JsonObject } from "../model/attributes";

export function AttributesTab({ attributes, text }: { readonly attributes: JsonObject; readonly text: string }): JSX.Element {
  if (Object.keys(attributes).length === 0) return <p className="span-none">This span has no attributes.</p>;
  return <JsonView value={attributes} label="attributes" openTo={3} searchable actions={<CopyButton text={text} label="Copy the attributes" />} />;
}
