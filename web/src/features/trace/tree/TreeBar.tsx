import { forwardRef } from "react";
import { Button } from "../../../parts/Button";
import { IconButton } from "../../../parts/IconButton";
import { Input } from "../../../parts/Input";

export interface TreeBarProps {
  readonly search: string;
  readonly onSearch: (text: string) => void;
  readonly matchCount: number | undefined;
  readonly isSearching: boolean;
  readonly isCut: boolean;
  readonly onStep: (step: 1 | -1) => void;
  readonly onLeaveSearch: () => void;
  readonly errorCount: number;
  readonly onNextError: () => void;
  readonly isCritical: boolean;
  readonly onCritical: () => void;
  readonly onFit: () => void;
  readonly isAllOpen: boolean;
  readonly onOpenAll: () => void;
  readonly onCloseAll: () => void;
}

/** What one can do with the tree. The reference is to the search field. */
export const TreeBar = forwardRef<HTMLInputElement, TreeBarProps>(function TreeBar(props, ref): JSX.Element {
  const { search, matchCount } = props;
  return (
    <div className="tree-bar-top" role="toolbar" aria-label="Tree">
      <Input
        ref={ref} icon="search" type="search" className="tree-search" placeholder="Search in this trace" aria-label="Search in this trace: names, inputs, outputs, attributes" value={search} onChange={(e) => props.onSearch(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === "Enter") { e.preventDefault(); props.onStep(e.shiftKey ? -1 : 1); }
          else if (e.key === "Escape") { e.preventDefault(); e.stopPropagation(); if (search !== "") props.onSearch(""); props.onLeaveSearch(); }
          else if (e.key === "ArrowDown") { e.preventDefault(); props.onLeaveSearch(); }
        }}
      />
      {search.trim() !== "" && (
        <span className="tree-matches" role="status">{matchCount === undefined ? "…" : `${matchCount}${props.isCut ? "+" : ""} ${matchCount === 1 ? "span" : "spans"}`}{props.isSearching ? " …" : ""}</span>
      )}
      <span className="push" />
      {props.errorCount > 0 && <Button size="s" variant="quiet" className="tree-errors" onClick={props.onNextError} title="Go to the next error (e)"><span className="tree-failed" aria-hidden="true" />{props.errorCount === 1 ? "1 error" : `${props.errorCount} errors`}</Button>}
      <IconButton icon="bolt" size="s" label="Critical path" keys="c" isPressed={props.isCritical} onClick={props.onCritical} />
      <IconButton icon="expand" size="s" label="Fit to the selected span" keys="f" onClick={props.onFit} />
      <IconButton icon={props.isAllOpen ? "chevron-up" : "chevron-down"} size="s" label={props.isAllOpen ? "Close all" : "Open all"} onClick={props.isAllOpen ? props.onCloseAll : props.onOpenAll} />
    </div>
  );
});
