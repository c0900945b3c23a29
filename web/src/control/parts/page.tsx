// The page of a control screen: the head that all screens have, and below it what scrolls. `fill` gives the whole height to
// the content, which then scrolls by itself.

import type { KeyboardEvent, ReactNode } from "react";
import { cx } from "../../ui/cx.ts";
import "../control.css";
import "./controls.css";

interface PageProps {
  title: ReactNode;
  hint?: string;
  tools?: ReactNode;
  fill?: boolean;
  className?: string;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ReactNode;
}

/** A page. */
export function Page({ title, hint, tools, fill, className, onKeyDown, children }: PageProps) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the whole screen, each with a button that does the same
    <div className="ctl" onKeyDown={onKeyDown}>
      <header className="screen-head">
        <h1 className="screen-title">
          <span>{title}</span>
        </h1>
        {hint && <p className="screen-about">{hint}</p>}
        {tools && <div className="screen-tools">{tools}</div>}
      </header>
      <div className={cx("screen-body", "ctl-body")}>
        <div className={cx("ctl-screen", fill && "ctl-screen-fill", className)}>{children}</div>
      </div>
    </div>
  );
}
