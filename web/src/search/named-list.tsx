// Places, colleagues and threads whose names have the words that are searched for.

import { useTranslation } from "react-i18next";
import { openDirect } from "../client/commands.ts";
import { act } from "../control/parts/act.ts";
import { toGist } from "../post/gist.ts";
import { go, toChannelPath, toThreadPath } from "../router.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon } from "../ui/icon.tsx";
import type { Named } from "./view.ts";

/** The list; nothing when nobody has such a name. */
export function NamedList({ named, query }: { named: readonly Named[]; query: string }) {
  const { t } = useTranslation();
  if (named.length === 0) return null;
  return (
    <section aria-label={t("search.names")}>
      <h2 className="search-head">{t("search.names")}</h2>
      <ul className="search-names">
        {named.map((one) => (
          <li key={`${one.kind} ${one.id}`}>
            <Name one={one} query={query} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Name({ one, query }: { one: Named; query: string }) {
  const words = <span className="search-name-words">{toGist(one.name, 80)}</span>;
  if (one.kind === "colleague") {
    const open = () => act(async () => go(toChannelPath((await openDirect(one.name)).id)));
    return (
      <button type="button" className="search-name" title={one.about} onClick={open}>
        <Avatar name={one.name} kind="entity" size={20} />
        {words}
      </button>
    );
  }
  const path =
    one.kind === "channel"
      ? toChannelPath(one.id)
      : `${toThreadPath("/search", one.id)}?q=${encodeURIComponent(query)}`;
  return (
    <a className="search-name" href={`#${path}`}>
      <Icon name={one.kind === "channel" ? "hash" : "thread"} size={15} />
      {words}
    </a>
  );
}
