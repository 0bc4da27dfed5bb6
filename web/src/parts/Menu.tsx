import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Link } from "../base/router";
import { popover, useFloating, type Placement } from "./floating";
import { Icon, type IconName } from "./Icon";
import { KeyCaps } from "./Kbd";
import { useOutside, type TriggerProps } from "./Popover";

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly icon?: IconName;
  readonly keys?: string;
  /** A second line, or what stands at the end. */
  readonly hint?: string;
  readonly isDangerous?: boolean;
  readonly isDisabled?: boolean;
  /** Given: the item is one of a choice. */
  readonly isChecked?: boolean;
  /** Draws a line above. */
  readonly startsGroup?: boolean;
  readonly to?: string;
  readonly onSelect?: () => void;
}

export interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly trigger: (props: TriggerProps) => ReactNode;
  readonly placement?: Placement;
}

/** A list of actions beside its button: arrows, Home, End and first letters move, Enter chooses. */
export function Menu({ label, items, trigger, placement = "bottom-end" }: MenuProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const style = useFloating(button, box, isOpen, placement);
  const close = useCallback(() => {
    setOpen(false);
    button.current?.focus();
  }, []);
  useOutside(isOpen, button, box, close, () => setOpen(false));
  const entries = (): readonly HTMLElement[] => [...(box.current?.querySelectorAll<HTMLElement>(".menu-item:not([aria-disabled])") ?? [])];
  useEffect(() => {
    if (isOpen) (box.current?.querySelector<HTMLElement>(".menu-item[aria-checked='true']") ?? box.current?.querySelector<HTMLElement>(".menu-item:not([aria-disabled])"))?.focus();
  }, [isOpen]);
  const onKey = (event: KeyboardEvent): void => {
    const all = entries();
    const i = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: i + 1, ArrowUp: i - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[(to + all.length) % all.length]?.focus();
    } else if (event.key === "Tab") setOpen(false);
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const letter = event.key.toLowerCase();
      const found = [...all.slice(i + 1), ...all.slice(0, i + 1)].find((e) => e.textContent?.trim().toLowerCase().startsWith(letter));
      found?.focus();
      event.stopPropagation();
    }
  };
  return (
    <>
      {trigger({ ref: button, onClick: () => setOpen(!isOpen), "aria-haspopup": "menu", "aria-expanded": isOpen })}
      {isOpen && (
        <div ref={box} role="menu" aria-label={label} tabIndex={-1} className="popover menu" style={style} onKeyDown={onKey} {...popover}>
          {items.map((item) => (
            <Entry key={item.id} item={item} close={close} />
          ))}
        </div>
      )}
    </>
  );
}

function Entry({ item, close }: { item: MenuItem; close: () => void }): JSX.Element {
  const content = (
    <>
      <span className="menu-icon">{item.isChecked ? <Icon name="check" size={14} /> : item.icon && <Icon name={item.icon} size={14} />}</span>
      <span className="menu-label">{item.label}</span>
      {item.hint && <span className="menu-hint">{item.hint}</span>}
      {item.keys && <KeyCaps keys={item.keys} />}
    </>
  );
  const className = `menu-item${item.isDangerous ? " menu-danger" : ""}${item.startsGroup ? " menu-group" : ""}`;
  if (item.to) {
    return (
      <Link to={item.to} role="menuitem" tabIndex={-1} className={className} onClick={close}>
        {content}
      </Link>
    );
  }
  return (
    <button
      type="button"
      role={item.isChecked === undefined ? "menuitem" : "menuitemradio"}
      aria-checked={item.isChecked}
      aria-disabled={item.isDisabled || undefined}
      tabIndex={-1}
      className={className}
      onClick={() => {
        if (item.isDisabled) return;
        close();
        item.onSelect?.();
      }}
    >
      {content}
    </button>
  );
}
