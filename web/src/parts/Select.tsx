import { forwardRef, type SelectHTMLAttributes } from "react";
import { Icon } from "./Icon";
import { visibleText } from "./text/visible";

export interface SelectProps<T extends string> extends Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange" | "value"> {
  /** The accessible name, where no label stands beside it. */
  readonly label?: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

/** The browser's own list, which every platform makes usable. Give it a label. */
export const Select = forwardRef(function Select<T extends string>({ label, value, options, onChange, ...rest }: SelectProps<T>, ref: React.ForwardedRef<HTMLSelectElement>) {
  return (
    <span className="select">
      <select ref={ref} aria-label={label} value={value} onChange={(event) => onChange(event.target.value as T)} {...rest}>
        {options.map((o) => (
          <option key={o.value} value={o.value}>
            {visibleText(o.label)}
          </option>
        ))}
      </select>
      <Icon name="chevron-down" size={12} />
    </span>
  );
}) as <T extends string>(props: SelectProps<T> & { ref?: React.Ref<HTMLSelectElement> }) => JSX.Element;
