import { Annotator } from "./Annotator";
import { useSpanTarget } from "./useTarget";

export interface SpanAnnotatorProps {
  readonly projectId: string;
  readonly spanId: string;
  /** What a key asked for: it gets the focus. */
  readonly focus: "form" | "note" | null;
  readonly onClose: () => void;
}

export default function SpanAnnotator({ spanId, ...props }: SpanAnnotatorProps): JSX.Element {
  return <Annotator thing="span" id={spanId} target={useSpanTarget(spanId)} {...props} />;
}
