// What one bar of the timeline is: its kind, when, how long, what it cost, and its text with nothing hidden in it. It has a
// place of its own below the lanes, so that it covers nothing and is there for the keyboard as well.

import { useTranslation } from "react-i18next";
import { Revealed } from "../parts/revealed.tsx";
import { toCount, toSpan } from "../view/numbers.ts";
import { type PlacedBar, sumBars } from "../view/timeline.ts";

/** Texts that are shown of joined bars. */
const shownTexts = 6;

/** The card; an empty one says what it is for. */
export function BarCard({
  bar,
  name,
  now,
  start,
}: {
  bar: PlacedBar | null;
  name: string;
  now: number;
  start: number;
}) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const [first] = bar?.bars ?? [];
  if (!bar || !first) return <div className="ctl-bar-card ctl-muted">{t("control.timeline.pick")}</div>;
  const sum = sumBars(bar.bars, now);
  const texts = bar.bars.filter((one) => one.text !== "").slice(0, shownTexts);
  return (
    <div className="ctl-bar-card" aria-live="polite">
      <div className="ctl-row">
        <span className="ctl-swatch" data-kind={bar.kind} />
        <strong>
          {t(`control.bar.${bar.kind}`)}
          {first.name !== bar.kind && bar.bars.length === 1 && <> · {first.name}</>}
        </strong>
        <span className="ctl-muted">
          <bdi>{name}</bdi>
        </span>
        {bar.bars.length > 1 && <span>{t("control.timeline.steps", { count: bar.bars.length })}</span>}
        {!bar.ok && <span className="ctl-bad">{t("control.bar.failed")}</span>}
        <span className="ctl-spacer" />
        <span className="ctl-number">
          {t("control.timeline.after", { span: toSpan(first.from - start, locale) })} ·{" "}
          {toSpan(sum.ms, locale)}
          {bar.lasts ? "…" : ""}
        </span>
        {sum.tokens > 0 && (
          <span className="ctl-number">
            {t("control.timeline.tokens", {
              tokens: toCount(sum.tokens, locale),
              cached: toCount(sum.cached, locale),
            })}
          </span>
        )}
      </div>
      {texts.map((one) => (
        <p key={`${one.seq}.${one.kind}`} className="ctl-bar-text-line">
          <Revealed text={one.text} />
        </p>
      ))}
      {bar.bars.length > texts.length && texts.length === shownTexts && <p className="ctl-muted">…</p>}
    </div>
  );
}
