import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

export type Tone = "neutral" | "accent" | "good" | "bad" | "warn";

/** A small statement; with `onRemove` it can be taken away. */
export function Chip({ children, tone = "neutral", icon, title, onRemove, removeLabel }: { children: ReactNode; tone?: Tone; icon?: IconName; title?: string; onRemove?: () => void; removeLabel?: string }): JSX.Element {
  return (
    <span className={`chip chip-${tone}`} title={title}>
      {icon && <Icon name={icon} size={12} />}
      <span className="chip-text">{children}</span>
      {onRemove && (
        <button type="button" className="chip-remove" aria-label={removeLabel ?? "Remove"} onClick={onRemove}>
          <Icon name="close" size={12} />
        </button>
      )}
    </span>
  );
}

/** A count or a state beside a label. */
export function Badge({ children, tone = "neutral" }: { children: ReactNode; tone?: Tone }): JSX.Element {
  return <span className={`badge chip-${tone}`}>{children}</span>;
}
