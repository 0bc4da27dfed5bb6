import { useEffect, type ReactNode } from "react";
import { Link } from "../base/router";
import { store } from "../base/store";
import { copyAndTell } from "./clipboard";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";
import { Menu, type MenuItem } from "./Menu";
import { visibleText } from "./text/visible";
import { TimeRangePicker } from "./TimeRangePicker";

export interface Crumb {
  readonly label: string;
  /** A page of its own; the last crumb is where one is. */
  readonly to?: string;
  /** What its menu copies: label of the item → text. */
  readonly copies?: Readonly<Record<string, string>>;
  /** What else its menu has. */
  readonly items?: readonly MenuItem[];
}

export interface PageHeaderProps {
  readonly crumbs: readonly Crumb[];
  readonly actions?: ReactNode;
  readonly hasTimeRange?: boolean;
}

/** Whether the navigation lies over the page where it is narrow. */
export const railIsOver = store(false);

/** Names the browser's tab; undefined leaves it to somebody else. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    if (title !== undefined) document.title = title ? `${title} · Phoenix` : "Phoenix";
  }, [title]);
}

/** The top of a page: where one is, and what applies to all of it. It names the browser's tab, too. */
export function PageHeader({ crumbs: given, actions, hasTimeRange = false }: PageHeaderProps): JSX.Element {
  const crumbs = given.map((crumb) => ({ ...crumb, label: visibleText(crumb.label) }));
  const title = [...crumbs].reverse().map((c) => c.label).join(" · ");
  usePageTitle(title);
  return (
    <header className="page-header">
      <span className="page-header-rail">
        <IconButton icon="list" label="Navigation" onClick={() => railIsOver.set((open) => !open)} />
      </span>
      <nav className="page-header-crumbs" aria-label="Breadcrumbs">
        <ol>
          {crumbs.map((crumb, i) => {
            const isLast = i === crumbs.length - 1;
            return (
              <li key={i} className={isLast ? "page-header-here" : undefined}>
                {i > 0 && <Icon name="chevron-right" size={12} />}
                {isLast ? (
                  <h1 className="ellipsis" title={crumb.label}>{crumb.label}</h1>
                ) : crumb.to ? (
                  <Link to={crumb.to} className="ellipsis" title={crumb.label}>{crumb.label}</Link>
                ) : (
                  <span className="ellipsis">{crumb.label}</span>
                )}
                {(crumb.copies || crumb.items) && <CrumbMenu crumb={crumb} />}
              </li>
            );
          })}
        </ol>
      </nav>
      <div className="page-header-actions">
        {actions}
        {hasTimeRange && <TimeRangePicker />}
      </div>
    </header>
  );
}

function CrumbMenu({ crumb }: { crumb: Crumb }): JSX.Element {
  const copies = Object.entries(crumb.copies ?? {}).map(([what, text]): MenuItem => ({ id: what, label: `Copy ${what}`, icon: "copy", onSelect: () => void copyAndTell(`the ${what.toLowerCase()}`, text) }));
  const others = (crumb.items ?? []).map((item, i) => (i === 0 && copies.length ? { ...item, startsGroup: true } : item));
  return <Menu label={crumb.label} placement="bottom-start" items={[...copies, ...others]} trigger={(props) => <IconButton icon="chevron-down" size="s" label={`More about ${crumb.label}`} {...props} />} />;
}
