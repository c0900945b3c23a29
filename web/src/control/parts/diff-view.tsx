// A unified diff with line numbers of both sides. Signs say what colours say, and nothing in a line can hide.

// biome-ignore-all lint/a11y/useSemanticElements: it scrolls, so the keyboard must reach it
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it

import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type DiffFile, type DiffLine, parseDiff } from "../view/diff.ts";
import { Revealed } from "./revealed.tsx";

/** Lines that are drawn of one file before the rest is asked for; a longer diff is cut, and says so. */
const mostLines = 2_000;

const signs: Record<DiffLine["kind"], string> = { same: " ", plus: "+", minus: "−", note: " " };

/** All files of a diff. */
export function DiffView({ diff, names = true }: { diff: string; names?: boolean }) {
  const files = useMemo(() => parseDiff(diff), [diff]);
  return (
    <div className="ctl-diffs">
      {files.map((file, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one file can be in a diff twice, and files never move
        <OneFile key={index} file={file} name={names} />
      ))}
    </div>
  );
}

function OneFile({ file, name }: { file: DiffFile; name: boolean }) {
  const { t } = useTranslation();
  const title = file.to ?? file.from;
  const count = file.hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
  let left = mostLines;
  return (
    <section className="ctl-diff" aria-label={t("control.diff.label", { name: title ?? "" })}>
      {name && title !== null && (
        <header className="ctl-diff-head">
          <span className="ctl-path">
            <Revealed text={title} />
          </span>
          {file.from === null && <span className="ctl-tag">{t("control.diff.new")}</span>}
          {file.to === null && <span className="ctl-tag">{t("control.diff.gone")}</span>}
          <span className="ctl-spacer" />
          <span className="ctl-plus">+{file.plus}</span> <span className="ctl-minus">−{file.minus}</span>
        </header>
      )}
      <div className="ctl-diff-body" tabIndex={0} role="group" aria-label={t("control.diff.lines")}>
        {file.hunks.map((hunk, at) => {
          const lines = hunk.lines.slice(0, Math.max(0, left));
          left -= lines.length;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: hunks have no other identity and never move
            <div key={at} className="ctl-hunk">
              {hunk.head !== "" && <div className="ctl-hunk-head">{hunk.head}</div>}
              {lines.map((line, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <div key={index} className="ctl-diff-line" data-kind={line.kind}>
                  <span className="ctl-diff-number">{line.old ?? ""}</span>
                  <span className="ctl-diff-number">{line.new ?? ""}</span>
                  <span className="ctl-diff-sign">{signs[line.kind]}</span>
                  <code className="ctl-diff-text">
                    <Revealed text={line.text} />
                  </code>
                </div>
              ))}
            </div>
          );
        })}
      </div>
      {count > mostLines && (
        <p className="ctl-muted ctl-diff-cut">{t("control.diff.cut", { shown: mostLines, count })}</p>
      )}
    </section>
  );
}
