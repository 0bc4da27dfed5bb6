import { forwardRef, type ButtonHTMLAttributes } from "react";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";
import { Tooltip } from "./Tooltip";

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "aria-label" | "children"> {
  readonly icon: IconName;
  /** The accessible name, shown as a tooltip as well. */
  readonly label: string;
  /** Keys that do the same, for the tooltip: `"mod+k"`. */
  readonly keys?: string;
  readonly size?: "m" | "s";
  readonly isPressed?: boolean;
}

export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton(
  { icon, label, keys, size = "m", isPressed, className, ...rest },
  ref,
) {
  return (
    <Tooltip text={label} {...(keys ? { keys } : {})}>
      <button ref={ref} type="button" aria-label={label} aria-pressed={isPressed} className={classes("icon-button", `icon-button-${size}`, className)} {...rest}>
        <Icon name={icon} size={size === "s" ? 14 : 16} />
      </button>
    </Tooltip>
  );
});
