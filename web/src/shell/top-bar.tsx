// The top bar: the way to everything (palette), the state of the line, the red switch.

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useHum } from "../store/store.ts";
import { TalkEntry } from "../talk/talk-entry.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { Icon } from "../ui/icon.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { openDialog } from "./dialog-store.ts";

/** The top bar. */
export function TopBar({
  menu,
  onMenu,
  children,
}: {
  menu: boolean;
  onMenu: () => void;
  /** What comes before all else for the keyboard. */
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const halted = useHum((state) => state.halted);
  return (
    <header className="top-bar">
      {children}
      <div className="top-start">
        <IconButton
          icon={menu ? "close" : "menu"}
          label={menu ? t("shell.closeMenu") : t("shell.openMenu")}
          className="phone-only"
          aria-expanded={menu}
          onClick={onMenu}
        />
        <a className="brand" href="#/" aria-label={`Hum: ${t("shell.home")}`}>
          <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="9" className="avatar-kernel" />
            <path
              d="M7 16c2.2-6 4.4-6 6 0s3.8 6 6 0 3.8-6 6 0"
              fill="none"
              stroke="#fff"
              strokeWidth="2.6"
              strokeLinecap="round"
            />
          </svg>
          <span className="brand-name">Hum</span>
        </a>
      </div>
      <button type="button" className="finder" onClick={() => openDialog("palette")}>
        <Icon name="search" size={16} />
        <span className="finder-text">{t("shell.find")}</span>
        <Kbd keys="mod+k" />
      </button>
      <div className="top-end">
        <LineState />
        <TalkEntry />
        <Button
          small
          kind="quiet"
          icon="stop"
          className={cx("stop-button", halted && "stop-button-on")}
          disabled={halted}
          aria-label={t("shell.stopAll")}
          onClick={() => openDialog("stop")}
        >
          <span className="wide-only">{halted ? t("shell.halted") : t("shell.stopAll")}</span>
        </Button>
      </div>
    </header>
  );
}

function LineState() {
  const { t } = useTranslation();
  const line = useHum((state) => state.line);
  return (
    <span className={cx("line-state", line === "live" && "line-state-live")} role="status">
      {line === "live" ? null : (
        <>
          <span className="line-dot" aria-hidden="true" />
          {t("shell.reconnecting")}
        </>
      )}
    </span>
  );
}
