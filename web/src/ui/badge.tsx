// Small quiet facts: a state, a number, nothing here, please wait.

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "./cx.ts";
import { Icon, type IconName } from "./icon.tsx";

/** What a badge says by its colour; the text says it too. */
export type Tone = "plain" | "accent" | "warn" | "danger" | "good";

/** A word or two in a small frame. */
export function Badge({
  tone = "plain",
  icon,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ReactNode;
}) {
  return (
    <span className={cx("badge", `badge-${tone}`)}>
      {icon && <Icon name={icon} size={13} />}
      {children}
    </span>
  );
}

/** A number of things to see; nothing for zero. */
export function Count({ value, loud, label }: { value: number; loud?: boolean; label?: string }) {
  if (value <= 0) return null;
  return (
    <span className={cx("count", loud && "count-loud")}>
      <span aria-hidden={label !== undefined}>{value > 999 ? "999+" : value}</span>
      {label && <span className="visually-hidden">{label}</span>}
    </span>
  );
}

/** What stands where nothing is: one sentence and what to do. */
export function EmptyState({
  icon,
  title,
  about,
  children,
}: {
  icon: IconName;
  title: string;
  about?: string;
  children?: ReactNode;
}) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon name={icon} size={26} />
      </span>
      <p className="empty-title">{title}</p>
      {about && <p className="empty-about">{about}</p>}
      {children && <div className="empty-actions">{children}</div>}
    </div>
  );
}

/** Waits; appears only after a moment, so that quick things do not flicker. */
export function Spinner({ label }: { label?: string }) {
  const { t } = useTranslation();
  return (
    <span className="spinner" role="status">
      <span className="spinner-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span className="visually-hidden">{label ?? t("common.loading")}</span>
    </span>
  );
}
