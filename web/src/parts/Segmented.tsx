import { useId } from "react";
import { Icon, type IconName } from "./Icon";

export interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly label: string; readonly icon?: IconName; /** Shows the icon alone. */ readonly isIconOnly?: boolean }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly size?: "m" | "s";
}

/** One of few. */
export function Segmented<T extends string>({ label, options, value, onChange, size = "m" }: SegmentedProps<T>): JSX.Element {
  const name = useId();
  return (
    <div className={`segmented segmented-${size}`} role="radiogroup" aria-label={label}>
      {options.map((o) => (
        <label key={o.value} className="segmented-option" title={o.isIconOnly ? o.label : undefined}>
          <input type="radio" className="sr" name={name} checked={o.value === value} onChange={() => onChange(o.value)} aria-label={o.isIconOnly ? o.label : undefined} />
          {o.icon && <Icon name={o.icon} size={14} />}
          {!o.isIconOnly && <span>{o.label}</span>}
        </label>
      ))}
    </div>
  );
}
