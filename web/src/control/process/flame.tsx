// Where time and tokens went. Each block is a button: it opens to the full width, and the path above leads back.

import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../parts/choice.tsx";
import { type FlameNode, findNode, layoutFlame, type Measure, toFlame } from "../view/flame.ts";
import { toCount, toPercent, toSpan } from "../view/numbers.ts";
import type { TimelineProps } from "./timeline.tsx";

/** Height of one row of blocks in pixels. */
const rowHeight = 30;

const measures: readonly Measure[] = ["time", "tokens"];

/** The flame view. */
export function Flame({ bars, now, root, parentOf, nameOf }: TimelineProps) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const [measure, setMeasure] = useState<Measure>("time");
  const [waits, setWaits] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const whole = useMemo(
    () => toFlame(bars, { root, now, waits, parentOf, nameOf }),
    [bars, root, now, waits, parentOf, nameOf],
  );
  const top = (open && findNode(whole, open)) || whole;
  const blocks = useMemo(() => layoutFlame(top, measure), [top, measure]);
  const depth = Math.max(...blocks.map((block) => block.depth));
  const nameBlock = (node: FlameNode) =>
    node.kind !== "process" && node.name === node.kind ? t(`control.bar.${node.kind}`) : node.name;
  const amount = (node: FlameNode) =>
    measure === "time"
      ? toSpan(node.ms, locale)
      : t("control.tokens", { count: node.tokens, text: toCount(node.tokens, locale) });
  return (
    <div className="ctl-flame">
      <div className="ctl-row">
        <Choice
          label={t("control.flame.measure")}
          options={measures.map((value) => ({ value, label: t(`control.flame.${value}`) }))}
          value={measure}
          onChange={setMeasure}
        />
        <label className="ctl-check">
          <input type="checkbox" checked={waits} onChange={(event) => setWaits(event.target.checked)} />
          {t("control.flame.waits")}
        </label>
        <span className="ctl-spacer" />
        {top !== whole && (
          <button type="button" className="ctl-tool" onClick={() => setOpen(null)}>
            {t("control.flame.whole")}
          </button>
        )}
      </div>
      <div className="ctl-flame-blocks" style={{ height: `${(depth + 1) * rowHeight}px` }}>
        {blocks.map(({ node, depth: row, x, width, part }) => (
          <button
            key={node.key}
            type="button"
            className="ctl-flame-block"
            data-kind={node.kind}
            style={{ left: `${x * 100}%`, width: `${width * 100}%`, top: `${row * rowHeight}px` }}
            title={`${nameBlock(node)}: ${amount(node)}, ${toPercent(part, locale)}`}
            aria-label={t("control.flame.block", {
              name: nameBlock(node),
              amount: amount(node),
              part: toPercent(part, locale),
            })}
            onClick={() => setOpen(node.key === open || node === whole ? null : node.key)}
          >
            <span className="ctl-flame-name">{nameBlock(node)}</span>{" "}
            <span className="ctl-flame-amount">{amount(node)}</span>
          </button>
        ))}
      </div>
      <table className="ctl-table">
        <caption className="visually-hidden">{t("control.flame.table")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("control.flame.what")}</th>
            <th scope="col" className="ctl-num">
              {t("control.flame.count")}
            </th>
            <th scope="col" className="ctl-num">
              {t("control.flame.time")}
            </th>
            <th scope="col" className="ctl-num">
              {t("control.flame.tokens")}
            </th>
          </tr>
        </thead>
        <tbody>
          {[...top.parts]
            .sort((a, b) => b.ms - a.ms)
            .map((node) => (
              <tr key={node.key}>
                <td>
                  <span className="ctl-swatch" data-kind={node.kind} /> {nameBlock(node)}
                </td>
                <td className="ctl-num">{toCount(node.count, locale)}</td>
                <td className="ctl-num">{toSpan(node.ms, locale)}</td>
                <td className="ctl-num">{toCount(node.tokens, locale)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
