// The window of an entity as an operating system shows memory: a strip of pages, as wide as their tokens, then the page
// table, and below it what left the window and lies on disk. Pages can be read, pinned, written anew and taken out.

import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MemoryPage, ProcessRow } from "../../../../os/src/workplace/contract.ts";
import { EmptyState } from "../../ui/badge.tsx";
import { calls } from "../calls.ts";
import { Fact } from "../parts/fact.tsx";
import { Pending } from "../parts/pending.tsx";
import { useLoad } from "../parts/use-load.ts";
import { toWindow } from "../view/memory.ts";
import { toCount, toPercent } from "../view/numbers.ts";
import { PagePanel } from "./page-panel.tsx";
import "./memory.css";

/** The memory of one entity. */
export function MemoryTab({ row }: { row: ProcessRow }) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const [picked, setPicked] = useState<number | null>(null);
  const pages = useLoad(`pages ${row.pid}`, () => calls.pages(row.pid), row.lastAt);
  const view = useMemo(() => toWindow(pages.value ?? []), [pages.value]);
  const page = pages.value?.find((one) => one.id === picked) ?? null;
  if (pages.value === null) return <Pending error={pages.error} again={pages.again} />;
  if (pages.value.length === 0) return <EmptyState icon="file" title={t("control.memory.none")} />;
  const list = (some: readonly MemoryPage[], label: string) => (
    <ul className="ctl-pages" aria-label={label}>
      {some.map((one) => (
        <li key={one.id}>
          <button
            type="button"
            className="ctl-page-row"
            aria-pressed={one.id === picked}
            onClick={() => setPicked(one.id === picked ? null : one.id)}
          >
            <span className="ctl-swatch" data-page={one.kind} />
            <span className="ctl-page-id">{one.id}</span>
            <span className="ctl-page-kind">{t(`control.page.${one.kind}`, { defaultValue: one.kind })}</span>
            <span className="ctl-page-title">
              <bdi>{one.title}</bdi>
            </span>
            {one.integrity === "untrusted" && (
              <span className="ctl-tag ctl-tag-warn">{t("control.memory.untrusted")}</span>
            )}
            {one.pinned && <span className="ctl-tag">{t("control.memory.pinned")}</span>}
            {!one.resident && <span className="ctl-tag">{t("control.memory.onDisk")}</span>}
            <span className="ctl-page-tokens">{toCount(one.tokens, locale)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
  return (
    <div className="ctl-memory">
      <div className="ctl-facts">
        <Fact
          label={t("control.memory.window")}
          value={t("control.tokens", { count: view.tokens, text: toCount(view.tokens, locale) })}
        />
        <Fact label={t("control.memory.pages")} value={toCount(view.resident.length, locale)} />
        <Fact label={t("control.memory.left")} value={toCount(view.evicted.length, locale)} />
        <Fact label={t("control.memory.untrustedPages")} value={toCount(view.untrusted, locale)} />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: the strip is a picture whose parts are buttons */}
      <div className="ctl-strip" role="group" aria-label={t("control.memory.strip")}>
        {view.strip.map(({ page: one, width }) => (
          <button
            key={one.id}
            type="button"
            className="ctl-strip-part"
            data-page={one.kind}
            data-untrusted={one.integrity === "untrusted" || undefined}
            aria-pressed={one.id === picked}
            style={{ flexGrow: width }}
            title={`${one.id} · ${one.title}`}
            aria-label={t("control.memory.part", {
              id: one.id,
              kind: t(`control.page.${one.kind}`, { defaultValue: one.kind }),
              tokens: toCount(one.tokens, locale),
            })}
            onClick={() => setPicked(one.id === picked ? null : one.id)}
          />
        ))}
      </div>
      <ul className="ctl-legend">
        {view.kinds.map(({ kind, tokens }) => (
          <li key={kind}>
            <span className="ctl-swatch" data-page={kind} />{" "}
            {t(`control.page.${kind}`, { defaultValue: kind })}{" "}
            <span className="ctl-muted">{toPercent(tokens / Math.max(1, view.tokens), locale)}</span>
          </li>
        ))}
        {view.untrusted > 0 && (
          <li>
            <span className="ctl-swatch" data-untrusted={true} /> {t("control.memory.untrusted")}
          </li>
        )}
      </ul>
      <div className="ctl-memory-columns" data-open={page !== null || undefined}>
        <div>
          {list(view.resident, t("control.memory.inWindow"))}
          {view.evicted.length > 0 && (
            <>
              <h2 className="ctl-heading">{t("control.memory.evicted")}</h2>
              {list(view.evicted, t("control.memory.evicted"))}
            </>
          )}
        </div>
        {page && (
          <PagePanel
            key={page.id}
            pid={row.pid}
            page={page}
            ended={row.ended}
            onChanged={pages.again}
            onClose={() => setPicked(null)}
          />
        )}
      </div>
    </div>
  );
}
