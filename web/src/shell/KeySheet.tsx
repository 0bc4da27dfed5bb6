import { useState } from "react";
import { bindings } from "../base/keys";
import { useStore } from "../base/store";
import { Dialog } from "../parts/Dialog";
import { KeyCaps } from "../parts/Kbd";

/** Every key that works where one is. */
export default function KeySheet({ onClose }: { onClose: () => void }): JSX.Element {
  // The sheet opens with the focus, so that keys scroll it; the ring shows to whoever comes back to it.
  const [isFresh, setFresh] = useState(true);
  const groups = new Map<string, Map<string, string>>();
  const taken = new Set<string>();
  for (const b of useStore(bindings)) {
    // What lies over a page takes keys of the page; the first binding is the one that works.
    if (taken.has(b.keys)) continue;
    taken.add(b.keys);
    if (b.quiet) continue;
    const group = groups.get(b.group) ?? new Map<string, string>();
    // One action may have several keys.
    if (!group.has(b.label)) group.set(b.label, b.keys);
    groups.set(b.group, group);
  }
  return (
    <Dialog title="Keys" size="l" onClose={onClose}>
      <div className="key-sheet" tabIndex={0} role="group" aria-label="Keys that work here" data-fresh={isFresh || undefined} onBlur={() => setFresh(false)}>
        {[...groups].map(([name, list]) => (
          <section key={name} className="key-sheet-group">
            <h3>{name}</h3>
            <dl>
              {[...list].map(([label, keys]) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>
                    <KeyCaps keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
