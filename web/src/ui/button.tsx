// Buttons. A Button carries text; an IconButton carries one icon, a label for screen readers and a tooltip with it.

import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";
import { Icon, type IconName } from "./icon.tsx";
import { Tooltip } from "./tooltip.tsx";

/** How loud a button is: `primary` once in a view at most. */
export type ButtonKind = "primary" | "plain" | "quiet" | "danger";

interface ButtonProps extends ComponentProps<"button"> {
  kind?: ButtonKind;
  small?: boolean;
  icon?: IconName;
  busy?: boolean;
}

/** A button with text. */
export function Button({ kind = "plain", small, icon, busy, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={cx("button", `button-${kind}`, small && "button-small", className)}
    >
      {icon && <Icon name={icon} size={small ? 15 : 17} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<"button">, "aria-label" | "title"> {
  icon: IconName;
  label: string;
  /** Keys that do the same, shown in the tooltip. */
  keys?: string;
  small?: boolean;
  pressed?: boolean;
  children?: ReactNode;
}

/** A button with one icon. */
export function IconButton({
  icon,
  label,
  keys,
  small,
  pressed,
  className,
  children,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} {...(keys === undefined ? {} : { keys })}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={pressed}
        className={cx("icon-button", small && "icon-button-small", className)}
      >
        <Icon name={icon} size={small ? 16 : 18} />
        {children}
      </button>
    </Tooltip>
  );
}
