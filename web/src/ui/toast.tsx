// Toasts: what happened and what to do, in one or two lines, at the foot of the page. Errors stay until they are closed.

import { useTranslation } from "react-i18next";
import { create } from "zustand";
import { Button, IconButton } from "./button.tsx";
import { cx } from "./cx.ts";
import { Icon } from "./icon.tsx";

interface Toast {
  id: number;
  text: string;
  kind: "note" | "error";
  action?: { label: string; run: () => void };
}

const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }));
let last = 0;

/** Shows a toast. A note goes by itself after some seconds. The same text twice is shown once. */
export function toast(text: string, options: Partial<Pick<Toast, "kind" | "action">> = {}): void {
  const id = ++last;
  const made: Toast = { id, text, kind: "note", ...options };
  useToasts.setState(({ toasts }) => ({
    toasts: [...toasts.filter((one) => one.text !== text), made].slice(-4),
  }));
  if (made.kind === "note") setTimeout(() => closeToast(id), made.action ? 8000 : 4000);
}

function closeToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}

/** Where toasts appear; once in the page. */
export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  const { t } = useTranslation();
  return (
    <section className="toasts" aria-label={t("common.notices")} aria-live="polite">
      {toasts.map((one) => (
        <div key={one.id} className={cx("toast", one.kind === "error" && "toast-error")}>
          <Icon name={one.kind === "error" ? "warning" : "check"} size={17} />
          <p className="toast-text">{one.text}</p>
          {one.action && (
            <Button
              small
              kind="quiet"
              onClick={() => {
                one.action?.run();
                closeToast(one.id);
              }}
            >
              {one.action.label}
            </Button>
          )}
          <IconButton icon="close" label={t("common.close")} small onClick={() => closeToast(one.id)} />
        </div>
      ))}
    </section>
  );
}
