import { useEffect, useRef, type ReactNode } from "react";

export interface CheckboxProps {
  readonly isChecked: boolean;
  /** Some of many: shown as a dash. */
  readonly isMixed?: boolean;
  readonly onChange: (isChecked: boolean, event: React.ChangeEvent<HTMLInputElement>) => void;
  /** The accessible name where no text stands beside it. */
  readonly label?: string;
  readonly children?: ReactNode;
  readonly disabled?: boolean;
  readonly tabIndex?: number;
}

export function Checkbox({ isChecked, isMixed = false, onChange, label, children, ...rest }: CheckboxProps): JSX.Element {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = isMixed;
  }, [isMixed]);
  return (
    <label className="checkbox">
      <input ref={box} type="checkbox" checked={isChecked} aria-label={label} onChange={(event) => onChange(event.target.checked, event)} {...rest} />
      {children !== undefined && <span>{children}</span>}
    </label>
  );
}
