import { useRef, type KeyboardEvent, type ReactNode } from "react";
import { Link } from "../base/router";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";

export interface Tab<T extends string> {
  readonly id: T;
  readonly label: string;
  readonly icon?: IconName;
  /** A number or a mark behind the label. */
  readonly extra?: ReactNode;
  /** Makes the tab a link to a page of its own. */
  readonly to?: string;
}

export interface TabsProps<T extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<T>[];
  readonly current: T;
  readonly onChange?: (id: T) => void;
  /** The element that shows the current tab's content; it should have `role="tabpanel"`. */
  readonly panelId?: string;
  readonly size?: "m" | "s";
}

/** Tabs over a panel: arrows move, the choice follows. With `to` they are navigation between pages. */
export function Tabs<T extends string>({ label, tabs, current, onChange, panelId, size = "m" }: TabsProps<T>): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  if (tabs.some((t) => t.to)) {
    return (
      <nav className={classes("tabs", `tabs-${size}`)} aria-label={label}>
        {tabs.map((t) => (
          <Link key={t.id} to={t.to ?? ""} className="tabs-tab" aria-current={t.id === current ? "page" : undefined}>
            {t.icon && <Icon name={t.icon} size={14} />}
            {t.label}
            {t.extra}
          </Link>
        ))}
      </nav>
    );
  }
  const onKey = (event: KeyboardEvent): void => {
    const i = tabs.findIndex((t) => t.id === current);
    const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onChange?.(next.id);
    (list.current?.children[tabs.indexOf(next)] as HTMLElement | undefined)?.focus();
  };
  return (
    <div ref={list} className={classes("tabs", `tabs-${size}`)} role="tablist" aria-label={label} onKeyDown={onKey}>
      {tabs.map((t) => (
        <button key={t.id} type="button" role="tab" className="tabs-tab" aria-selected={t.id === current} aria-controls={panelId} tabIndex={t.id === current ? 0 : -1} onClick={() => onChange?.(t.id)}>
          {t.icon && <Icon name={t.icon} size={14} />}
          {t.label}
          {t.extra}
        </button>
      ))}
    </div>
  );
}
