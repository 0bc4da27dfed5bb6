import { useState } from "react";
import * as format from "../../base/format";
import { forgetStored, storageWorks, storedSizes, usePreference } from "../../base/preferences";
import { useStore } from "../../base/store";
import { themeChoice, type ThemeChoice } from "../../base/theme";
import { streaming } from "../../base/timerange";
import { localZone, timeZone } from "../../base/timeZone";
import { Button } from "../../parts/Button";
import { Segmented } from "../../parts/Segmented";
import { Select } from "../../parts/Select";
import { Switch } from "../../parts/Switch";

const THEMES: readonly { readonly value: ThemeChoice; readonly label: string }[] = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** The zones that this browser knows. */
const zones = (): readonly string[] => {
  const known = Intl as typeof Intl & { readonly supportedValuesOf?: (what: "timeZone") => readonly string[] };
  return ["UTC", ...(known.supportedValuesOf?.("timeZone").filter((zone) => zone !== "UTC") ?? [])];
};

/** What this browser remembers about its reader. */
export function Preferences(): JSX.Element {
  const [theme, setTheme] = usePreference(themeChoice);
  const [zone, setZone] = usePreference(timeZone);
  const [isLive, setLive] = usePreference(streaming);
  return (
    <div className="settings-body">
      <section>
        <h2>Appearance</h2>
        <Row label="Theme">
          <Segmented label="Theme" value={theme} options={THEMES} onChange={setTheme} />
        </Row>
        <Row label="Time zone" hint="Times and the bars of charts follow it.">
          <Select
            aria-label="Time zone"
            value={zone}
            options={[{ value: "", label: `As the browser (${localZone})` }, ...zones().map((value) => ({ value, label: value.replaceAll("_", " ") }))]}
            onChange={setZone}
          />
        </Row>
        <Row label="Live" hint="Tables and charts follow what arrives.">
          <Switch isOn={isLive} onChange={setLive}>
            Follow
          </Switch>
        </Row>
      </section>
      <Stored />
    </div>
  );
}

function Row({ label, hint, children }: { readonly label: string; readonly hint?: string; readonly children: JSX.Element }): JSX.Element {
  return (
    <div className="settings-row">
      <div>
        <div>{label}</div>
        {hint && <div className="dim">{hint}</div>}
      </div>
      {children}
    </div>
  );
}

function Stored(): JSX.Element {
  const works = useStore(storageWorks);
  const [sizes, setSizes] = useState(storedSizes);
  const all = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return (
    <section>
      <h2>Kept in this browser</h2>
      {!works && <p role="alert">The browser does not let this page store anything: what you choose lasts until the page is closed.</p>}
      <p className="dim">
        {sizes.size === 0 ? "Nothing is kept." : `${format.plural(sizes.size, "setting")}, ${format.bytes(all)}: what you chose, nothing of your traces.`}
      </p>
      {sizes.size > 0 && (
        <ul className="settings-stored">
          {[...sizes].map(([name, size]) => (
            <li key={name}>
              <span className="mono">{name}</span> <span className="dim">{format.bytes(size)}</span>
            </li>
          ))}
        </ul>
      )}
      <Button
        icon="trash"
        disabled={sizes.size === 0}
        onClick={() => {
          forgetStored();
          setSizes(storedSizes());
        }}
      >
        Forget all of it
      </Button>
    </section>
  );
}
