// The files of a thread: all that its folder holds, one line until it is unfolded.

import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Thread } from "../../../os/src/workplace/contract.ts";
import { readFiles, type ThreadFile } from "../client/commands.ts";
import { act } from "../client/rest.ts";
import { toBytes } from "../control/view/numbers.ts";
import { saveFile } from "../post/fetch-file.ts";
import { Icon } from "../ui/icon.tsx";

/** Files that are listed at once. */
const most = 30;

/** The line with the files; nothing when there are none. */
export function ThreadFiles({ thread }: { thread: Thread }) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState(false);
  const [files, setFiles] = useState<readonly ThreadFile[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when something happened in the thread
  useEffect(() => {
    let gone = false;
    readFiles(thread.id).then(
      (found) => gone || setFiles(found),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [thread.id, thread.lastSeq, thread.state]);
  if (files.length === 0) return null;
  const newest = [...files].sort((a, b) => b.modifiedAt - a.modifiedAt);
  return (
    <div className="thread-files">
      <button type="button" className="thread-files-line" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="folder" size={15} />
        {t("chat.files.count", { count: files.length })}
        {!open && (
          <bdi className="thread-files-names">
            {newest
              .slice(0, 3)
              .map((file) => file.path)
              .join(", ")}
          </bdi>
        )}
        <Icon name={open ? "down" : "right"} size={13} />
      </button>
      {open && (
        <ul className="thread-files-list">
          {newest.slice(0, most).map((file) => (
            <li key={file.path}>
              <button
                type="button"
                className="thread-file"
                aria-label={t("chat.files.save", { name: file.path })}
                onClick={() => act(saveFile(thread.id, file.path))}
              >
                <Icon name="file" size={15} />
                <bdi className="file-name">{file.path}</bdi>
                <span className="file-size">{toBytes(file.bytes, i18n.language)}</span>
                <Icon name="download" size={15} />
              </button>
            </li>
          ))}
          {files.length > most && (
            <li className="file-size">{t("chat.files.more", { count: files.length - most })}</li>
          )}
        </ul>
      )}
    </div>
  );
}
