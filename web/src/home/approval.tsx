// One effect that waits for your yes, with exactly what would happen. All that an entity wrote is shown as plain text with
// hidden characters made visible; nothing of it is rendered.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ShownApproval } from "../../../os/src/workplace/api.ts";
import { answerApproval } from "../client/commands.ts";
import { act } from "../client/rest.ts";
import { toPayloadRows } from "../control/view/payload.ts";
import { reveal, toPlain, toSafeLine } from "../control/view/reveal.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Place } from "./place.tsx";

const plain = (text: string) =>
  text
    .split("\n")
    .map((line) => toPlain(reveal(line)))
    .join("\n");

/** An approval that can be answered where it stands. */
export function Approval({ approval }: { approval: ShownApproval }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const answer = (to: "approved" | "denied") => {
    setBusy(true);
    act(answerApproval(approval.id, to).finally(() => setBusy(false)));
  };
  const title = `home-approval-${approval.id}`;
  const { what, sink, sources } = approval;
  return (
    <article className="home-question" aria-labelledby={title}>
      <h3 className="home-approval-title" id={title}>
        <Icon name="shield" size={18} />
        <span>
          {t("home.needs.wants", { name: toSafeLine(approval.name, 40) })} <code>{toSafeLine(what, 60)}</code>
          {sink !== "" && (
            <>
              {" → "}
              <code>{toSafeLine(sink, 120)}</code>
            </>
          )}
        </span>
      </h3>
      <p className="home-question-text">{plain(approval.why)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className="home-payload" aria-label={t("home.needs.exactly")} tabIndex={0}>
        {approval.diff !== null ? (
          <pre>{plain(approval.diff)}</pre>
        ) : (
          toPayloadRows(approval.payload).map((row) => (
            <div key={row.path}>
              <span>{toSafeLine(row.path)}</span>
              <pre>{row.lines.map((line) => toPlain(line.pieces)).join("\n")}</pre>
            </div>
          ))
        )}
      </section>
      {sources.length > 0 && (
        <p className="home-warning">
          <Icon name="untrusted" size={16} />
          {t("home.needs.sources", { sources: sources.map((source) => toSafeLine(source, 60)).join(", ") })}
        </p>
      )}
      <div className="home-answer">
        <Button kind="primary" busy={busy} onClick={() => answer("approved")}>
          {t("home.needs.approve")}
        </Button>
        <Button busy={busy} onClick={() => answer("denied")}>
          {t("home.needs.deny")}
        </Button>
        <Place thread={approval.thread} pid={approval.pid}>
          {t("home.needs.where")}
        </Place>
      </div>
    </article>
  );
}
