export function Spinner({ label }: { label?: string }): JSX.Element {
  return <span className="spinner" {...(label ? { role: "status", "aria-label": label } : { "aria-hidden": true })} />;
}
