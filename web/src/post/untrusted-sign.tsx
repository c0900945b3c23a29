// A quiet sign by words into which something came that nobody here vouches for. What came from beyond this machine (a web
// page, a server) is warned of; files and programs here are only named. The places stand in its tooltip, and open below
// when it is pressed, for fingers.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Post } from "../../../os/src/workplace/contract.ts";
import { Revealed } from "../control/parts/revealed.tsx";
import { toSafeLine } from "../control/view/reveal.ts";
import { Icon } from "../ui/icon.tsx";
import { Tooltip } from "../ui/tooltip.tsx";
import { toOrigins } from "./origins.ts";

/** Places in the tooltip. */
const told = 3;

/** The sign; nothing for words that can be trusted as far as their author. */
export function UntrustedSign({ post }: { post: Pick<Post, "integrity" | "origins"> }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (post.integrity !== "untrusted") return null;
  const { outside, here } = toOrigins(post.origins ?? []);
  const local = outside.length === 0 && here.length > 0;
  const places = local ? here : outside;
  const some = places.slice(0, told).map((one) => toSafeLine(one, 60));
  const about = t(local ? "post.fromFilesAbout" : "post.untrustedAbout");
  const more = places.length > told ? ` +${places.length - told}` : "";
  const text = places.length === 0 ? about : `${about} ${some.join(", ")}${more}`;
  return (
    <div className="post-untrusted">
      <Tooltip text={text}>
        <button
          type="button"
          className="post-untrusted-sign"
          data-here={local || undefined}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon name={local ? "file" : "untrusted"} size={14} />
          {t(local ? "post.fromFiles" : "post.untrusted")}
          <span className="visually-hidden">: {text}</span>
        </button>
      </Tooltip>
      {open && (
        <div className="post-untrusted-about">
          <p>{about}</p>
          <ul>
            {[...outside, ...here].map((origin) => (
              <li key={origin}>
                <Revealed text={origin} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
