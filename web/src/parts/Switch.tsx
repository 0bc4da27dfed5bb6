import { classes } from "./classes";

/** On or off, at once. The text is its label. */
export function Switch({ isOn, onChange, children, className }: { isOn: boolean; onChange: (isOn: boolean) => void; children: string; className?: string }): JSX.Element {
  return (
    <button type="button" role="switch" aria-checked={isOn} className={classes("switch", className)} onClick={() => onChange(!isOn)}>
      <span className="switch-track" aria-hidden="true" />
      <span>{children}</span>
    </button>
  );
}
