// What is in a file, in a dialog: an image, a table, or text with nothing hidden in it. Its bytes come from this machine
// with the token; nothing in it is run or loaded.

import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, act } from "../client/rest.ts";
import { Pending } from "../control/parts/pending.tsx";
import { RevealedBlock } from "../control/parts/revealed.tsx";
import { useLoad } from "../control/parts/use-load.ts";
import { toBytes } from "../control/view/numbers.ts";
import { reveal, toPlain, toSafeLine } from "../control/view/reveal.ts";
import { EmptyState } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { Dialog } from "../ui/dialog.tsx";
import { fetchFile, saveFile } from "./fetch-file.ts";
import { toFileKind, toImageType, toName, toNumberColumns, toTable } from "./files.ts";
import "./post.css";

/** The largest part of a text that is shown, and of a table. */
const shownText = 120_000;
const shownLines = 1_500;
const shownTable = { rows: 300, cells: 30 };

type Content =
  | { kind: "image"; bytes: number; blob: Blob }
  | { kind: "table" | "text"; bytes: number; text: string; cut: boolean }
  | { kind: "other"; bytes: number }
  /** It was there when the post was written, and is not now. */
  | { kind: "lost" };

async function read(thread: string, path: string, signal: AbortSignal): Promise<Content> {
  const blob = await fetchFile(thread, path, signal).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  });
  if (blob === null) return { kind: "lost" };
  const kind = toFileKind(path);
  if (kind === "image") return { kind, bytes: blob.size, blob: blob.slice(0, blob.size, toImageType(path)) };
  const text = await blob.slice(0, shownText).text();
  if (text.includes("\0") || (kind === "other" && text.includes("\ufffd")))
    return { kind: "other", bytes: blob.size };
  return { kind: kind === "table" ? "table" : "text", bytes: blob.size, text, cut: blob.size > shownText };
}

/** The dialog. */
export function FilePreview({
  thread,
  path,
  onClose,
}: {
  thread: string;
  path: string;
  onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const file = useLoad(`${thread} ${path}`, (signal) => read(thread, path, signal));
  const name = toSafeLine(toName(path).name, 120);
  return (
    <Dialog open wide title={name} onClose={onClose}>
      <div className="post-preview">
        {file.value === null ? (
          <Pending error={file.error} again={file.again} />
        ) : (
          <Shown content={file.value} name={name} />
        )}
      </div>
      {file.value?.kind !== "lost" && (
        <footer className="post-preview-foot">
          <span className="post-file-facts">
            {file.value !== null && toBytes(file.value.bytes, i18n.language)}
          </span>
          <Button icon="download" onClick={() => act(saveFile(thread, path))}>
            {t("post.file.save")}
          </Button>
        </footer>
      )}
    </Dialog>
  );
}

function Shown({ content, name }: { content: Content; name: string }) {
  const { t } = useTranslation();
  if (content.kind === "image") return <Picture blob={content.blob} name={name} />;
  if (content.kind === "lost")
    return <EmptyState icon="file" title={t("post.file.lost")} about={t("post.file.lostAbout")} />;
  if (content.kind === "other")
    return <EmptyState icon="file" title={t("post.file.other")} about={t("post.file.otherAbout")} />;
  if (content.text === "") return <EmptyState icon="file" title={t("post.file.empty")} />;
  if (content.kind === "table") return <Table text={content.text} name={name} cut={content.cut} />;
  const lines = content.text.split("\n");
  const cut = content.cut || lines.length > shownLines;
  return (
    <>
      <RevealedBlock text={lines.slice(0, shownLines).join("\n").replace(/\n$/, "")} label={name} />
      {cut && <p className="post-preview-note">{t("post.file.cut")}</p>}
    </>
  );
}

function Picture({ blob, name }: { blob: Blob; name: string }) {
  const { t } = useTranslation();
  const [url, setUrl] = useState<string | null>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  if (broken) return <EmptyState icon="picture" title={t("post.file.broken")} />;
  return url === null ? null : (
    <img className="post-preview-image" src={url} alt={name} onError={() => setBroken(true)} />
  );
}

function Table({ text, name, cut }: { text: string; name: string; cut: boolean }) {
  const { t } = useTranslation();
  const table = toTable(text, shownTable);
  const numbers = toNumberColumns(table.rows);
  const [head = [], ...rows] = table.rows;
  const cell = (value: string) => toPlain(reveal(value));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className="post-table post-preview-table" tabIndex={0} aria-label={name}>
        <table>
          <thead>
            <tr>
              {head.map((value, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells have no other identity and never move
                <th key={column} scope="col" className={cx(numbers[column] && "post-number")}>
                  {cell(value)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <tr key={index}>
                {row.map((value, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above
                  <td key={column} className={cx(numbers[column] && "post-number")}>
                    {cell(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {(cut || table.cut) && <p className="post-preview-note">{t("post.file.cut")}</p>}
    </>
  );
}
