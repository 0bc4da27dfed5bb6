import { useMemo } from "react";
import { CopyButton } from "../../../parts/CopyButton";
import { jsonText, type Json } from "../../../parts/json/json";
import { LongText } from "../../../parts/text/LongText";
import type { Detail } from "../data/useSpan";
import type { JsonObject } from "../model/attributes";

/** Everything the server says of the span, as text. */
export function RawTab({ span, attributes }: { readonly span: Detail; readonly attributes: JsonObject }): JSX.Element {
  const text = useMemo(() => jsonText({ ...(span as unknown as { readonly [k: string]: Json }), attributes }), [span, attributes]);
  return (
    <div className="span-raw">
      <div className="span-raw-bar"><CopyButton text={text} label="Copy as JSON" isText /></div>
      <LongText text={text} limit={20_000} mono />
    </div>
  );
}
