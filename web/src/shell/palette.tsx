// The palette: one line to go anywhere, find anybody and do the most common things, by keyboard. The input has the focus
// the whole time; arrows move the line that is marked, enter runs it.

import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { toAbout } from "../chat/view/about.ts";
import { openDirect } from "../client/commands.ts";
import { act } from "../client/rest.ts";
import { toSafeLine } from "../control/view/reveal.ts";
import { go, readRoute, toChannelPath, toThreadPath } from "../router.ts";
import { screens } from "../screens.tsx";
import { useHum } from "../store/store.ts";
import { setTheme, useTheme } from "../theme.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { closeDialog, openDialog } from "./dialog-store.ts";
import { takeEarly } from "./early-keys.ts";
import { type Item, toPalette, toPeople, toPlaces, toThreadItems } from "./palette-view.ts";
import "./dialogs.css";

/** All that can be found. */
function useItems(): Item[] {
  const { t } = useTranslation();
  const channels = useHum((state) => state.channels);
  const programs = useHum((state) => state.programs);
  const threads = useHum((state) => state.threads);
  const seen = useHum((state) => state.seen);
  const halted = useHum((state) => state.halted);
  return useMemo(() => {
    const places = Object.values(channels);
    const doing = (id: string, label: string, icon: Item["icon"], keys = ""): Item => ({
      ...{ id: `do/${id}`, group: "do", label: t(label), about: "", icon, weight: keys === "" ? 0 : 1 },
      ...(keys === "" ? {} : { keys }),
    });
    return [
      doing("task", "shell.newTask", "plus", "n"),
      doing("channel", "shell.newChannel", "hash"),
      doing("help", "shell.help", "keyboard", "?"),
      doing("theme", "palette.theme", "moon"),
      ...(halted ? [] : [doing("stop", "shell.stopAll", "stop")]),
      ...screens
        .filter((screen) => screen.nav || screen.path === "/search")
        .map((screen, index): Item => {
          const keys = screen.nav?.keys ?? (screen.path === "/search" ? "/" : undefined);
          return {
            ...{ id: `s${screen.path}`, group: "screens", label: t(screen.title), about: "" },
            ...{ icon: screen.nav?.icon ?? "search", weight: -index },
            ...(keys === undefined ? {} : { keys }),
          };
        }),
      ...toPlaces(
        places.map((place) => ({ ...place, about: toAbout(place, t) })),
        seen,
      ),
      ...toPeople(Object.values(programs), places),
      ...toThreadItems(Object.values(threads)),
    ];
  }, [channels, programs, threads, seen, halted, t]);
}

function run(item: Item): void {
  const [kind, id] = [item.id.slice(0, 1), item.id.slice(item.id.indexOf("/") + 1)];
  closeDialog();
  if (kind === "s") go(`/${id}`);
  else if (kind === "c") go(toChannelPath(id));
  else if (kind === "t") go(toThreadPath(readRoute().path, id));
  else if (kind === "p") act(openDirect(id).then((channel) => go(toChannelPath(channel.id))));
  else if (id === "theme") setTheme(useTheme.getState().dark ? "light" : "dark");
  else if (id === "task" || id === "channel" || id === "help" || id === "stop") openDialog(id);
}

/** The palette. */
export function Palette() {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const items = useItems();
  const found = useMemo(() => toPalette(items, query), [items, query]);
  // The last line looks for the words in posts.
  const last = query.trim() === "" ? 0 : 1;
  const count = found.length + last;
  const marked = Math.min(at, Math.max(0, count - 1));

  const choose = (index: number) => {
    const item = found[index];
    if (item) return run(item);
    if (last === 0) return;
    closeDialog();
    go(`/search?q=${encodeURIComponent(query.trim())}`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const { key } = event;
    if (key === "ArrowDown") setAt((marked + 1) % Math.max(1, count));
    else if (key === "ArrowUp") setAt((marked - 1 + count) % Math.max(1, count));
    else if (key === "PageDown") setAt(Math.min(marked + 8, count - 1));
    else if (key === "PageUp") setAt(Math.max(marked - 8, 0));
    else if (key === "Enter") choose(marked);
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    box.current?.querySelector(`[data-at="${marked}"]`)?.scrollIntoView({ block: "nearest" });
  }, [marked]);

  const option = (index: number) => ({
    ...{ id: `${id}-${index}`, role: "option", "data-at": index, "aria-selected": index === marked },
    className: "palette-item",
    onPointerMove: () => setAt(index),
    onClick: () => choose(index),
  });
  return (
    <Dialog open onClose={closeDialog} title={t("palette.title")} bare first={field}>
      <div className="palette-line">
        <Icon name="search" size={18} />
        <input
          ref={field}
          className="palette-field"
          value={query}
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={count > 0 ? `${id}-${marked}` : undefined}
          aria-autocomplete="list"
          aria-label={t("palette.label")}
          placeholder={t("palette.label")}
          autoComplete="off"
          spellCheck={false}
          onFocus={() => {
            const early = takeEarly();
            if (early !== "") setQuery(early);
          }}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <Kbd keys="esc" />
      </div>
      <div
        ref={box}
        id={`${id}-list`}
        className="palette-list"
        role="listbox"
        aria-label={t("palette.title")}
      >
        {[...new Set(found.map((item) => item.group))].map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options of a list that is walked by key
          <div key={group} role="group" aria-label={t(`palette.group.${group}`)}>
            <p className="palette-group" aria-hidden="true">
              {t(`palette.group.${group}`)}
            </p>
            {found.map((item, index) =>
              item.group === group ? (
                <div key={item.id} {...option(index)}>
                  {item.face ? (
                    <Avatar name={item.face} kind="entity" size={20} />
                  ) : (
                    <Icon name={item.icon} size={17} />
                  )}
                  <span className="palette-label">{toSafeLine(item.label, 100)}</span>
                  <span className="palette-about">{toSafeLine(item.about, 100)}</span>
                  {item.keys && <Kbd keys={item.keys.replaceAll(" ", "+")} />}
                </div>
              ) : null,
            )}
          </div>
        ))}
        {last === 1 && (
          <div {...option(found.length)}>
            <Icon name="search" size={17} />
            <span className="palette-label">{t("palette.posts", { words: query.trim() })}</span>
            <span className="palette-about" />
          </div>
        )}
      </div>
    </Dialog>
  );
}
