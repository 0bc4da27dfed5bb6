import { forwardRef, type ButtonHTMLAttributes } from "react";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";
import { Spinner } from "./Spinner";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: "plain" | "primary" | "quiet" | "danger";
  readonly size?: "m" | "s";
  readonly icon?: IconName;
  /** Shows that the action runs, and takes no further press. */
  readonly isBusy?: boolean;
}

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { variant = "plain", size = "m", icon, isBusy = false, className, children, disabled, type = "button", ...rest },
  ref,
) {
  return (
    // oxlint-disable-next-line react/button-has-type
    <button ref={ref} type={type} className={classes("button", `button-${variant}`, `button-${size}`, className)} disabled={disabled || isBusy} aria-busy={isBusy || undefined} {...rest}>
      {isBusy ? <Spinner /> : icon && <Icon name={icon} size={size === "s" ? 14 : 16} />}
      {children !== undefined && <span className="button-text">{children}</span>}
    </button>
  );
});
