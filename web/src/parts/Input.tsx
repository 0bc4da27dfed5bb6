import { forwardRef, type InputHTMLAttributes, type TextareaHTMLAttributes } from "react";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";

export interface InputProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly icon?: IconName;
}

export const Input = forwardRef<HTMLInputElement, InputProps>(function Input({ icon, className, ...rest }, ref) {
  const field = <input ref={ref} className={classes("input", icon && "input-with-icon", className)} autoComplete="off" spellCheck={false} {...rest} />;
  if (!icon) return field;
  return (
    <span className="input-box">
      <Icon name={icon} size={14} />
      {field}
    </span>
  );
});

export const TextArea = forwardRef<HTMLTextAreaElement, TextareaHTMLAttributes<HTMLTextAreaElement>>(function TextArea({ className, ...rest }, ref) {
  return <textarea ref={ref} className={classes("input", "input-area", className)} {...rest} />;
});
