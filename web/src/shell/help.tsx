// All keys on one page.

import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { screens } from "../screens.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { closeDialog } from "./dialog-store.ts";
import "./dialogs.css";

/** Keys of each part of the page, with the key of their words. Several keys do the same. */
const parts: { part: string; keys: [string[], string][] }[] = [
  {
    part: "anywhere",
    keys: [
      [["mod+k"], "palette"],
      [["/"], "search"],
      [["v"], "talk"],
      [["n"], "task"],
      [["?"], "help"],
      [["esc"], "close"],
    ],
  },
  {
    part: "lists",
    keys: [
      [["j", "k"], "walk"],
      [["enter", "o"], "open"],
      [["e"], "resolve"],
      [["z"], "back"],
      [["u"], "fresh"],
      [["r"], "reply"],
    ],
  },
  {
    part: "approvals",
    keys: [
      [["a"], "approve"],
      [["d"], "deny"],
      [["x"], "pick"],
    ],
  },
  {
    part: "talk",
    keys: [
      [["enter"], "send"],
      [["shift+enter"], "line"],
      [["c"], "write"],
      [["l"], "link"],
    ],
  },
];

/** The dialog. */
export function Help() {
  const { t } = useTranslation();
  const page = useRef<HTMLElement>(null);
  return (
    <Dialog open wide onClose={closeDialog} title={t("shell.help")} first={page}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it may scroll, so the keyboard must reach it */}
      <section className="help-parts" ref={page} tabIndex={0} aria-label={t("shell.help")}>
        {parts.map(({ part, keys }) => (
          <section key={part}>
            <h3>{t(`keys.part.${part}`)}</h3>
            <dl className="help-keys">
              {keys.map(([names, word]) => (
                <Row key={word} keys={names} label={t(`keys.${word}`)} />
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>{t("keys.part.go")}</h3>
          <dl className="help-keys">
            {screens.map((screen) =>
              screen.nav?.keys ? (
                <Row
                  key={screen.path}
                  keys={[screen.nav.keys.replaceAll(" ", "+")]}
                  label={t(screen.title)}
                />
              ) : null,
            )}
          </dl>
        </section>
      </section>
    </Dialog>
  );
}

function Row({ keys, label }: { keys: readonly string[]; label: string }) {
  return (
    <div className="help-row">
      <dt>{label}</dt>
      <dd>
        {keys.map((key) => (
          <Kbd key={key} keys={key} />
        ))}
      </dd>
    </div>
  );
}
