import { keyCaps } from "../base/keys";

export function Kbd({ children }: { children: string }): JSX.Element {
  return <kbd className="kbd">{children}</kbd>;
}

/** The keys of a binding, one cap each. */
export function KeyCaps({ keys }: { keys: string }): JSX.Element {
  return (
    <span className="kbd-caps">
      {keyCaps(keys).map((cap, i) => (
        <Kbd key={i}>{cap}</Kbd>
      ))}
    </span>
  );
}
