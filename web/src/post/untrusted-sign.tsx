// A quiet sign by words into which something came that nobody here vouches for: a web page, a file from outside. The
// places stand in its tooltip, and open below when it is pressed, for fingers.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Post } from "../../../os/src/workplace/contract.ts";
import { Revealed } from "../control/parts/revealed.tsx";
import { toSafeLine } from "../control/view/reveal.ts";
import { Icon } from "../ui/icon.tsx";
import { Tooltip } from "../ui/tooltip.tsx";

/** Places in the tooltip. */
const told = 3;

/** The sign; nothing for words that can be trusted as far as their author. */
export function UntrustedSign({ post }: { post: Pick<Post, "integrity" | "origins"> }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (post.integrity !== "untrusted") return null;
  const origins = post.origins ?? [];
  const some = origins.slice(0, told).map((one) => toSafeLine(one, 60));
  const text =
    origins.length === 0
      ? t("post.untrustedAbout")
      : t("post.untrustedFrom", {
          places: origins.length > told ? `${some.join(", ")} +${origins.length - told}` : some.join(", "),
        });
  return (
    <div className="post-untrusted">
      <Tooltip text={text}>
        <button
          type="button"
          className="post-untrusted-sign"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon name="untrusted" size={14} />
          {t("post.untrusted")}
          <span className="visually-hidden">: {text}</span>
        </button>
      </Tooltip>
      {open && (
        <div className="post-untrusted-about">
          <p>{t("post.untrustedAbout")}</p>
          {origins.length > 0 && (
            <ul>
              {origins.map((origin) => (
                <li key={origin}>
                  <Revealed text={origin} />
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </div>
  );
}
