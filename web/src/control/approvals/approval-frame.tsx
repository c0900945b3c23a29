// One question to a person, in a frame that is plainly Hum's: its sentences are Hum's own words, and whatever an entity
// wrote stands in a box that says so, in monospace, with every hidden character shown. No markdown, no links, no colour
// that a payload could choose.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ShownApproval } from "../../../../os/src/workplace/api.ts";
import { toApprovalWords } from "../../post/own-words.ts";
import { Icon } from "../../ui/icon.tsx";
import { DiffView } from "../parts/diff-view.tsx";
import { ProcessLink, ThreadLink } from "../parts/links.tsx";
import { Revealed, RevealedBlock } from "../parts/revealed.tsx";
import { toShortSpan } from "../view/numbers.ts";
import { toCalls, toEscapedJson, toPayloadRows } from "../view/payload.ts";
import { countHidden, findMixedWords } from "../view/reveal.ts";

/** The frame with all that is needed to decide; the answers are given by the caller as children. */
export function ApprovalFrame({
  approval,
  now,
  children,
}: {
  approval: ShownApproval;
  now: number;
  children: React.ReactNode;
}) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const calls = toCalls(approval);
  return (
    <article className="ctl-ask" aria-labelledby={`ask-${approval.id}`}>
      <header className="ctl-ask-head">
        <Icon name="shield" size={24} />
        <div>
          <p className="ctl-ask-hum">
            {calls
              ? t("control.approvals.asksSeveral", { count: calls.length })
              : t(`control.approvals.asks.${approval.kind}`)}
          </p>
          <h2 className="ctl-ask-title" id={`ask-${approval.id}`}>
            <code>
              <Revealed text={approval.what} />
            </code>
            <Times calls={calls} />
            {approval.sink !== "" && approval.kind !== "budget" && (
              <>
                <span aria-hidden="true"> → </span>
                <span className="visually-hidden">{t("control.approvals.reaches")}</span>
                <code className="ctl-path">
                  <Revealed text={approval.sink} />
                </code>
              </>
            )}
          </h2>
        </div>
        <span className="ctl-ask-expiry" title={new Date(approval.expiresAt).toLocaleString(locale)}>
          {t("control.approvals.expires", { span: toShortSpan(approval.expiresAt - now, locale) })}
        </span>
      </header>
      <div className="ctl-ask-body">
        <dl className="ctl-list">
          <dt>{t("control.approvals.who")}</dt>
          <dd>
            <ProcessLink pid={approval.pid}>
              <Revealed text={approval.name} /> #{approval.pid}
            </ProcessLink>
            {approval.program !== approval.name && (
              <span className="ctl-muted">
                {" "}
                <Revealed text={approval.program} />
              </span>
            )}
            {approval.thread !== null && (
              <>
                {" "}
                <ThreadLink thread={approval.thread} />
              </>
            )}
          </dd>
          <dt>{t("control.approvals.why")}</dt>
          <dd>
            <Revealed text={toApprovalWords(approval, t)} />
          </dd>
          <dt>{t("control.approvals.sources")}</dt>
          <dd>
            <Sources sources={approval.sources} />
          </dd>
        </dl>
        <Warnings approval={approval} />
        <Payload approval={approval} />
        {approval.diff !== null && (
          <section>
            <h3 className="ctl-heading">{t("control.approvals.diff")}</h3>
            <DiffView diff={approval.diff} />
          </section>
        )}
      </div>
      <footer className="ctl-ask-foot">{children}</footer>
    </article>
  );
}

// The way that untrusted text took into the call, as far as labels know it.
function Sources({ sources }: { sources: readonly string[] }) {
  const { t } = useTranslation();
  if (sources.length === 0) return <span className="ctl-muted">{t("control.approvals.noSources")}</span>;
  return (
    <ol className="ctl-chain">
      {sources.map((source) => (
        <li key={source} className="ctl-path ctl-warn-text">
          <Revealed text={source} />
        </li>
      ))}
      <li className="ctl-chain-end">{t("control.approvals.chainWindow")}</li>
      <li className="ctl-chain-end">{t("control.approvals.chainCall")}</li>
    </ol>
  );
}

// Said by Hum, because a person may overlook it in the box.
function Warnings({ approval }: { approval: ShownApproval }) {
  const { t } = useTranslation();
  const text = JSON.stringify(approval.payload);
  const raw = toPayloadRows(approval.payload);
  const hidden = raw.reduce(
    (sum, row) => sum + row.lines.reduce((all, line) => all + countHiddenPieces(line.pieces), 0),
    countHidden(approval.what) + countHidden(approval.sink),
  );
  const mixed = findMixedWords(`${text} ${approval.sink}`);
  const lines = [
    hidden > 0 ? t("control.approvals.hidden", { count: hidden }) : null,
    mixed.length > 0 ? t("control.approvals.mixed", { words: mixed.slice(0, 3).join(", ") }) : null,
    approval.kind === "in-doubt" ? t("control.approvals.doubt") : null,
    approval.sources.length > 0 ? t("control.approvals.untrusted") : null,
  ].filter((line) => line !== null);
  if (lines.length === 0) return null;
  return (
    <ul className="ctl-warnings">
      {lines.map((line) => (
        <li key={line}>
          <Icon name="warning" size={16} />
          <span>
            <Revealed text={line} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function countHiddenPieces(pieces: readonly { kind: string; name?: string; code?: string }[]): number {
  return pieces.filter(
    (piece) => piece.kind === "mark" && piece.name !== "TAB" && !piece.code?.startsWith("U+0020"),
  ).length;
}

function Payload({ approval }: { approval: ShownApproval }) {
  const { t } = useTranslation();
  const [json, setJson] = useState(false);
  const calls = toCalls(approval);
  return (
    <section className="ctl-payload">
      <header className="ctl-row">
        <h3 className="ctl-heading">{t("control.approvals.payload")}</h3>
        <span className="ctl-spacer" />
        <label className="ctl-check">
          <input type="checkbox" checked={json} onChange={(event) => setJson(event.target.checked)} />
          {t("control.approvals.json")}
        </label>
      </header>
      <p className="ctl-payload-note">{t("control.approvals.payloadNote")}</p>
      {json ? (
        <RevealedBlock text={toEscapedJson(approval.payload)} label={t("control.approvals.payload")} />
      ) : (
        <PayloadRows payload={calls ? { name: approval.what } : approval.payload} />
      )}
      {!json &&
        calls?.map((call, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what is approved never changes its order
          <section key={index} className="ctl-payload-call">
            <h4 className="ctl-heading">
              {t("control.approvals.callOf", { number: index + 1, count: calls.length })}
            </h4>
            <PayloadRows payload={call} />
          </section>
        ))}
    </section>
  );
}

function PayloadRows({ payload }: { payload: unknown }) {
  return (
    <dl className="ctl-payload-rows">
      {toPayloadRows(payload).map((row) => (
        <div key={row.path} className="ctl-payload-row">
          <dt>
            <Revealed text={row.path} />
          </dt>
          <dd>
            <RevealedBlock lines={row.lines} label={row.path} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** How often it is to be done, where one answer is for several. */
export function Times({ calls }: { calls: readonly unknown[] | null }) {
  return calls === null ? null : <span className="ctl-times"> × {calls.length}</span>;
}
