// A file that a post hands over: its name, size and what happened to it; pressed, it opens.

import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FileRef } from "../../../os/src/workplace/contract.ts";
import { act } from "../client/rest.ts";
import { toBytes } from "../control/view/numbers.ts";
import { toSafeLine } from "../control/view/reveal.ts";
import { IconButton } from "../ui/button.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";
import { lazily } from "../ui/load.ts";
import { saveFile } from "./fetch-file.ts";
import { type FileKind, toFileKind, toName } from "./files.ts";

const FilePreview = lazily(() => import("./file-preview.tsx"), "FilePreview");

const icons: Record<FileKind, IconName> = { image: "picture", table: "list", text: "file", other: "file" };

/** One file. */
export function FileCard({ thread, file }: { thread: string; file: FileRef }) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState(false);
  const { folder, name } = toName(file.path);
  const gone = file.change === "gone";
  const facts = [
    file.change ? t(`post.file.${file.change}`) : null,
    file.bytes === null || gone ? null : toBytes(file.bytes, i18n.language),
  ].filter((fact) => fact !== null);
  const shown = (
    <>
      <span className="post-file-icon">
        <Icon name={icons[toFileKind(file.path)]} size={18} />
      </span>
      <span className="post-file-words">
        <span className="post-file-name">
          {folder !== "" && <span className="post-file-folder">{toSafeLine(folder, 60)}</span>}
          <bdi>{toSafeLine(name, 120)}</bdi>
        </span>
        {facts.length > 0 && <span className="post-file-facts">{facts.join(" · ")}</span>}
      </span>
    </>
  );
  if (gone) return <div className="post-file post-file-gone">{shown}</div>;
  return (
    <div className="post-file">
      <button type="button" className="post-file-open" onClick={() => setOpen(true)}>
        {shown}
      </button>
      <IconButton
        small
        icon="download"
        label={t("post.file.download", { name: toSafeLine(name, 60) })}
        onClick={() => act(saveFile(thread, file.path))}
      />
      {open && (
        <Suspense fallback={null}>
          <FilePreview thread={thread} path={file.path} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
