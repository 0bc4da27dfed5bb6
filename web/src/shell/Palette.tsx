import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { bindings } from "../base/keys";
import { recentlyViewed } from "../base/recent";
import { usePreference } from "../base/preferences";
import { href, Link, navigate } from "../base/router";
import { useStore } from "../base/store";
import { PRESETS, setPreset } from "../base/timerange";
import { themeChoice } from "../base/theme";
import { Icon } from "../parts/Icon";
import { Kbd, KeyCaps } from "../parts/Kbd";
import { Spinner } from "../parts/Spinner";
import { visibleText } from "../parts/text/visible";
import { useById, useDebounced, useNamed, useTexts, type Finding } from "./findings";
import { fuzzy } from "./fuzzy";
import { entries } from "./navigation";

const ICONS = { project: "projects", trace: "traces", span: "traces", session: "sessions", dataset: "datasets" } as const;
const COMMANDS_SHOWN = 8;

/** Finds pages, commands, projects, datasets, things by their id, and spans by their text. */
export default function Palette({ onClose }: { onClose: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const query = text.trim();
  const late = useDebounced(query, 160);
  const commands = useCommands(query);
  const things = useNamed(late);
  const ids = useById(late);
  const texts = useTexts(late);
  const [recents] = usePreference(recentlyViewed);
  const findings = useMemo(() => {
    const viewed = recents
      .filter((r) => !query || fuzzy(query, r.label) >= 0)
      .slice(0, query ? 3 : 6)
      .map((r): Finding => ({ id: `recent ${r.to}`, group: "Recently viewed", title: r.label, icon: ICONS[r.kind], to: r.to, hint: r.hint ?? r.kind }));
    // What was found for an earlier text stands only while it fits this one.
    const named = things.filter((p) => !query || p.group === "Datasets" || fuzzy(query, p.title) >= 0);
    const all = query ? [...ids, ...named, ...viewed, ...commands, ...texts.findings] : [...viewed, ...named, ...commands];
    // A project that was viewed lately is there once.
    const seen = new Set<string>();
    return all.filter((f) => !f.to || (!seen.has(f.to) && seen.add(f.to)));
  }, [query, ids, things, recents, commands, texts.findings]);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    if (!dialog.current?.open) dialog.current?.showModal();
    return () => before?.focus();
  }, []);
  const current = Math.min(at, findings.length - 1);
  useEffect(() => {
    document.getElementById(`${id}-${current}`)?.scrollIntoView({ block: "nearest" });
  }, [id, current]);
  const choose = (finding: Finding | undefined, inNewTab = false): void => {
    if (!finding) return;
    if (inNewTab && finding.to) {
      open(href(finding.to), "_blank", "noopener");
      return;
    }
    onClose();
    // What a command opens may want the focus that closing gives back.
    setTimeout(() => (finding.to ? navigate(finding.to) : finding.run?.()), 0);
  };
  const onKey = (event: KeyboardEvent): void => {
    const count = Math.max(1, findings.length);
    if (event.key === "ArrowDown" || (event.ctrlKey && event.key === "n")) setAt((current + 1) % count);
    else if (event.key === "ArrowUp" || (event.ctrlKey && event.key === "p")) setAt((current - 1 + count) % count);
    else if (event.key === "Enter") choose(findings[current], event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Search and commands"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="palette-field">
        <Icon name="search" />
        <input
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog is for typing
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={findings.length ? `${id}-${current}` : undefined}
          aria-label="Search"
          placeholder="Projects, commands, trace or span ids, text in spans"
          value={text}
          maxLength={1000}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
        {(texts.isSearching || late !== query) && <Spinner label="Searching" />}
      </div>
      <div id={`${id}-list`} className="palette-list" role="listbox" aria-label="Findings">
        {findings.map((f, i) => (
          <Option key={f.id} id={`${id}-${i}`} finding={f} heading={findings[i - 1]?.group === f.group ? undefined : f.group} isCurrent={i === current} onPoint={() => setAt(i)} onChoose={() => choose(f)} />
        ))}
        {findings.length === 0 && !texts.isSearching && late === query && <p className="palette-none">Nothing found for “{query}”.</p>}
      </div>
      <p className="palette-foot" aria-hidden="true">
        <span><Kbd>↑</Kbd><Kbd>↓</Kbd> move</span>
        <span><Kbd>↵</Kbd> open</span>
        <span><KeyCaps keys="mod+Enter" /> new tab</span>
        <span><Kbd>Esc</Kbd> close</span>
      </p>
    </dialog>
  );
}

function Option({ id, finding, heading, isCurrent, onPoint, onChoose }: { id: string; finding: Finding; heading: string | undefined; isCurrent: boolean; onPoint: () => void; onChoose: () => void }): JSX.Element {
  const content = (
    <>
      <Icon name={finding.icon} />
      <span className="palette-text">
        <span className="palette-title">{visibleText(finding.title)}</span>
        {finding.snippet && (
          <span className="palette-snippet">
            {visibleText(finding.snippet.before)}
            <mark>{visibleText(finding.snippet.match)}</mark>
            {visibleText(finding.snippet.after)}
          </span>
        )}
      </span>
      {finding.hint && <span className="palette-hint">{visibleText(finding.hint)}</span>}
      {finding.keys && <KeyCaps keys={finding.keys} />}
    </>
  );
  const props = { id, role: "option", "aria-selected": isCurrent, className: "palette-option", tabIndex: -1, onPointerMove: onPoint } as const;
  return (
    <>
      {heading && <p className="palette-heading" role="presentation">{heading}</p>}
      {finding.to ? (
        <Link
          to={finding.to}
          {...props}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            onChoose();
          }}
        >
          {content}
        </Link>
      ) : (
        // The keyboard moves in the field above.
        <div {...props} onClick={onChoose}>{content}</div>
      )}
    </>
  );
}

/** Pages, keys that work here, themes and time ranges, as far as they fit. */
function useCommands(query: string): readonly Finding[] {
  const keys = useStore(bindings);
  return useMemo(() => {
    const pages = entries.map((e): Finding => ({ id: `page ${e.to}`, group: "Pages", title: e.label, icon: e.icon, to: e.to, ...(e.key ? { keys: `g ${e.key}` } : {}) }));
    const pageLabels = new Set(entries.map((e) => e.label));
    const seen = new Set<string>();
    const bound = keys
      .filter((b) => !b.quiet && b.keys !== "mod+k" && !pageLabels.has(b.label) && !seen.has(b.label) && seen.add(b.label))
      .map((b): Finding => ({ id: `key ${b.keys} ${b.label}`, group: "Commands", title: b.label, icon: "bolt", hint: b.group, keys: b.keys, run: () => b.run(new KeyboardEvent("keydown")) }));
    const themes = (["light", "dark", "system"] as const).map((t): Finding => ({ id: `theme ${t}`, group: "Commands", title: `Theme: ${t}`, icon: t === "light" ? "sun" : t === "dark" ? "moon" : "system", run: () => themeChoice.set(t) }));
    const ranges = [...PRESETS, { key: "all" as const, label: "All time" }].map((p): Finding => ({ id: `range ${p.key}`, group: "Commands", title: `Time range: ${p.label.toLowerCase()}`, icon: "clock", run: () => setPreset(p.key) }));
    if (!query) return [...pages, ...bound.slice(0, 12)];
    return [...pages, ...bound, ...themes, ...ranges]
      .map((f) => ({ f, s: fuzzy(query, f.title) }))
      .filter((x) => x.s >= 0)
      .sort((a, b) => b.s - a.s)
      .slice(0, COMMANDS_SHOWN)
      .map((x) => x.f)
      .sort((a, b) => (a.group === b.group ? 0 : a.group === "Pages" ? -1 : 1));
  }, [keys, query]);
}
