import { useRef, useState } from "react";
import { IconButton } from "../../parts/IconButton";
import { toast } from "../../parts/Toast";
import { ownOf } from "./annotation";
import type { Target } from "./useTarget";

interface Choice {
  readonly label: string;
  readonly score: number;
  /** What the button is called. */
  readonly name: string;
}

interface ThumbsProps {
  readonly target: Target;
  /** The name of the annotation that they give. */
  readonly of: string;
  readonly up: Choice;
  readonly down: Choice;
  readonly size?: "s" | "m";
}

/** Judges in one press; another press of the same thumb takes it back. */
export function Thumbs({ target, of, up, down, size = "m" }: ThumbsProps): JSX.Element {
  const own = ownOf(target.annotations ?? [], of);
  const [sent, setSent] = useState<string | null | undefined>(undefined);
  const count = useRef(0);
  const chosen = sent === undefined ? (own?.label ?? null) : sent;
  const press = async ({ label, score }: Choice): Promise<void> => {
    const isTakenBack = chosen === label;
    count.current += 1;
    const turn = count.current;
    setSent(isTakenBack ? null : label);
    try {
      if (!isTakenBack) await target.save(of, { label, score, explanation: own?.explanation ?? null }, own);
      else if (own) await target.remove([own.id]);
    } catch (failure) {
      toast({ message: failure instanceof Error ? failure.message : String(failure), tone: "bad" });
    }
    if (turn === count.current) setSent(undefined);
  };
  const isReady = target.annotations !== undefined;
  return (
    <>
      <IconButton icon="thumb-up" size={size} label={up.name} aria-pressed={chosen === up.label} disabled={!isReady} onClick={() => void press(up)} />
      <IconButton icon="thumb-down" size={size} label={down.name} aria-pressed={chosen === down.label} disabled={!isReady} onClick={() => void press(down)} />
    </>
  );
}
