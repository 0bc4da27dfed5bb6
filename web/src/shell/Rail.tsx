import { useEffect, useRef } from "react";
import { useQuery } from "../base/cache";
import { compact } from "../base/format";
import { isMac } from "../base/keys";
import { isBoolean, preference, usePreference } from "../base/preferences";
import { Link, useLocation } from "../base/router";
import { themeChoice, type ThemeChoice } from "../base/theme";
import { boot } from "../base/boot";
import { ShellStatus } from "../generated/graphql";
import { Icon } from "../parts/Icon";
import { IconButton } from "../parts/IconButton";
import { Kbd } from "../parts/Kbd";
import { Menu } from "../parts/Menu";
import { entries, isCurrent, type Entry } from "./navigation";
import { closeRail, useRailOver } from "./useRailOver";

const narrowRail = preference("rail-narrow", false, isBoolean);

export function Rail({ onSearch, onKeys }: { onSearch: () => void; onKeys: () => void }): JSX.Element {
  const { path } = useLocation();
  const [isNarrow, setNarrow] = usePreference(narrowRail);
  const rail = useRef<HTMLElement>(null);
  const isOver = useRailOver(rail);
  const { data } = useQuery(ShellStatus, {});
  useEffect(closeRail, [path]);
  /** What opens over the page takes the rail's place. */
  const instead = (open: () => void) => (): void => {
    closeRail();
    open();
  };
  const counts: Readonly<Record<string, number | undefined>> = { "/projects": data?.projectCount, "/datasets": data?.datasetCount };
  const entry = (e: Entry): JSX.Element => {
    const counted = counts[e.to];
    return (
      <li key={e.to} className={e.startsGroup ? "rail-group" : undefined}>
        <Link to={e.to} className="rail-item" aria-current={isCurrent(e, path) ? "page" : undefined} title={isNarrow ? e.label : undefined}>
          <Icon name={e.icon} />
          <span className="rail-text">{e.label}</span>
          {counted !== undefined && <span className="rail-count">{compact(counted)}</span>}
        </Link>
      </li>
    );
  };
  return (
    <>
      {isOver && <button type="button" className="rail-scrim" aria-label="Close navigation" onClick={closeRail} />}
      <nav ref={rail} className="rail" aria-label="Main" data-narrow={isNarrow || undefined} data-over={isOver || undefined}>
        <div className="rail-head">
          <Link to="/projects" className="rail-logo" aria-label="Phoenix, all projects">
            <Logo />
            <span className="rail-text">Phoenix</span>
          </Link>
          <IconButton icon="rail" size="s" label={isNarrow ? "Widen navigation" : "Narrow navigation"} onClick={() => setNarrow(!isNarrow)} className="rail-toggle" />
        </div>
        <button type="button" className="rail-item rail-search" onClick={instead(onSearch)} title={isNarrow ? "Search" : undefined}>
          <Icon name="search" />
          <span className="rail-text">Search</span>
          <span className="rail-keys">
            <Kbd>{isMac ? "⌘" : "Ctrl"}</Kbd>
            <Kbd>K</Kbd>
          </span>
        </button>
        <ul className="rail-list">{entries.filter((e) => !e.isLast).map(entry)}</ul>
        <ul className="rail-list rail-end">
          {entries.filter((e) => e.isLast).map(entry)}
          <li>
            <ThemeMenu />
          </li>
          <li>
            <button type="button" className="rail-item" onClick={instead(onKeys)} title={isNarrow ? "Keys" : undefined}>
              <Icon name="keyboard" />
              <span className="rail-text">Keys</span>
              <span className="rail-keys">
                <Kbd>?</Kbd>
              </span>
            </button>
          </li>
          <li className="rail-version">
            {boot.version && `${boot.version} · `}
            <a href={new URL("licenses.txt", import.meta.url).href} target="_blank" rel="noreferrer">licences</a>
          </li>
        </ul>
      </nav>
    </>
  );
}

const THEMES: readonly { id: ThemeChoice; label: string; icon: "sun" | "moon" | "system" }[] = [
  { id: "system", label: "System", icon: "system" },
  { id: "light", label: "Light", icon: "sun" },
  { id: "dark", label: "Dark", icon: "moon" },
];

function ThemeMenu(): JSX.Element {
  const [choice, setChoice] = usePreference(themeChoice);
  const chosen = THEMES.find((t) => t.id === choice);
  return (
    <Menu
      label="Theme"
      placement="right-start"
      items={THEMES.map((t) => ({ ...t, isChecked: t.id === choice, onSelect: () => setChoice(t.id) }))}
      trigger={(props) => (
        <button type="button" className="rail-item" {...props}>
          <Icon name={chosen?.icon ?? "system"} />
          <span className="rail-text">Theme</span>
          <span className="rail-count">{chosen?.label}</span>
        </button>
      )}
    />
  );
}

function Logo(): JSX.Element {
  return (
    <svg width="20" height="20" viewBox="0 0 32 32" aria-hidden="true" className="rail-mark">
      <path d="M5 25 16 5l11 20-11-6Z" />
      <path d="m16 19 11 6-11 3-11-3Z" />
    </svg>
  );
}
