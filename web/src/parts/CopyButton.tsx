import { useEffect, useRef, useState } from "react";
import { Button } from "./Button";
import { copyText } from "./clipboard";
import { IconButton } from "./IconButton";

export function CopyButton({ text, label = "Copy", isText = false, size = "s" }: { text: string | (() => string); label?: string; isText?: boolean; size?: "m" | "s" }): JSX.Element {
  const [state, setState] = useState<"idle" | "done" | "failed">("idle");
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (): Promise<void> => {
    setState((await copyText(typeof text === "function" ? text() : text)) ? "done" : "failed");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setState("idle"), 1600);
  };
  const shown = state === "done" ? "Copied" : state === "failed" ? "Copying failed" : label;
  const icon = state === "done" ? "check" : "copy";
  return (
    <>
      {isText ? (
        <Button icon={icon} size={size} onClick={() => void copy()}>
          {shown}
        </Button>
      ) : (
        <IconButton icon={icon} size={size} label={shown} onClick={() => void copy()} />
      )}
      <span className="sr" role="status">{state === "idle" ? "" : shown}</span>
    </>
  );
}
