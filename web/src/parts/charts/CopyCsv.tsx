import { useEffect, useState } from "react";
import { copyText } from "../clipboard";

interface CopyCsvProps {
  readonly subject: string;
  readonly text: () => string;
}

const SHOWN_FOR = 1600;

/** Puts comma-separated values on the clipboard and says so on the button. */
export function CopyCsv({ subject, text }: CopyCsvProps): JSX.Element {
  const [state, setState] = useState<"ready" | "done" | "refused">("ready");
  useEffect(() => {
    if (state === "ready") return undefined;
    const timer = setTimeout(() => setState("ready"), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = (): void => {
    void copyText(text()).then((isDone) => setState(isDone ? "done" : "refused"));
  };
  return (
    <button type="button" className="chart-action" onClick={copy}>
      <span aria-live="polite">{state === "ready" ? "Copy CSV" : state === "done" ? "Copied" : "Not allowed"}</span>
      <span className="chart-unseen"> of {subject}</span>
    </button>
  );
}
