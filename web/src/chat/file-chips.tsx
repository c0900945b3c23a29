// The files of a post that is being written.

import { useTranslation } from "react-i18next";
import type { FileRef } from "../../../os/src/workplace/contract.ts";
import { toBytes } from "../control/view/numbers.ts";
import { IconButton } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { Icon } from "../ui/icon.tsx";
import type { Attach, Upload } from "./use-attach.ts";

interface FileChipsProps {
  files: readonly FileRef[];
  uploads: readonly Upload[];
  onDrop: Attach["drop"];
  onRetry: Attach["retry"];
}

/** One chip for each file; nothing when there are none. */
export function FileChips({ files, uploads, onDrop, onRetry }: FileChipsProps) {
  const { t, i18n } = useTranslation();
  if (files.length + uploads.length === 0) return null;
  return (
    <ul className="file-chips" aria-label={t("chat.files.attached")}>
      {files.map((file) => (
        <li key={file.path} className="file-chip">
          <Icon name="file" size={15} />
          <bdi className="file-name">{file.path}</bdi>
          <span className="file-size">{toBytes(file.bytes, i18n.language)}</span>
          <IconButton
            small
            icon="close"
            label={t("chat.files.remove", { name: file.path })}
            onClick={() => onDrop({ path: file.path })}
          />
        </li>
      ))}
      {uploads.map((one) => (
        <li
          key={one.id}
          className={cx("file-chip", one.failed === null ? "file-chip-moving" : "file-chip-failed")}
        >
          <Icon name={one.failed === null ? "clock" : "warning"} size={15} />
          <bdi className="file-name">{one.path}</bdi>
          {one.failed === null ? (
            <span className="file-size">{t("chat.files.uploading")}</span>
          ) : (
            <>
              <span className="file-size" role="alert">
                {one.failed}
              </span>
              <IconButton small icon="undo" label={t("common.retry")} onClick={() => onRetry(one.id)} />
            </>
          )}
          <IconButton
            small
            icon="close"
            label={t("chat.files.remove", { name: one.path })}
            onClick={() => onDrop({ id: one.id })}
          />
        </li>
      ))}
    </ul>
  );
}
