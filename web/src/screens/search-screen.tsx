// Search: posts by their words while you type, places and people by name. Keys: down or enter goes to what was found, j and
// k walk, enter opens it beside the search, / goes back to the words.

import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { search } from "../client/commands.ts";
import { useOwnKeys } from "../control/parts/keys.ts";
import { Page } from "../control/parts/page.tsx";
import { Pending } from "../control/parts/pending.tsx";
import { useLoad } from "../control/parts/use-load.ts";
import { useNow } from "../control/parts/use-size.ts";
import { go, readRoute, useRoute } from "../router.ts";
import type { ScreenProps } from "../screens.tsx";
import { NamedList } from "../search/named-list.tsx";
import { SearchRow } from "../search/search-row.tsx";
import { type Found, type Limits, narrow, remember, toChoices, toNamed, toTerms } from "../search/view.ts";
import { channelTitle } from "../store/select.ts";
import { useHum } from "../store/store.ts";
import { EmptyState } from "../ui/badge.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { Select } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import "../search/search.css";

/** Results that are asked for; more are not read by anybody. */
const most = 100;
/** Nothing is asked while somebody types. */
const pauseMs = 140;

const recentKey = "hum.search.recent";

function readRecent(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(recentKey) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

function useRecent() {
  const [recent, setRecent] = useState(readRecent);
  const keep = (next: string[]) => {
    localStorage.setItem(recentKey, JSON.stringify(next));
    setRecent(next);
  };
  return { recent, add: (query: string) => keep(remember(readRecent(), query)), clear: () => keep([]) };
}

// The words stand in the address, so that a search can be left and come back to; typing leaves no steps in the history.
function useWords(given: string): [string, string, (words: string) => void] {
  const [words, setWords] = useState(given);
  const [asked, setAsked] = useState(given);
  const own = useRef(given);
  useEffect(() => {
    if (given !== own.current) {
      own.current = given;
      setWords(given);
      setAsked(given);
    }
  }, [given]);
  useEffect(() => {
    if (words === asked) return;
    const timer = setTimeout(() => {
      own.current = words.trim();
      setAsked(words.trim());
      const { path } = readRoute();
      if (path === "/search")
        go(words.trim() === "" ? path : `${path}?q=${encodeURIComponent(words.trim())}`, { replace: true });
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [words, asked]);
  return [words, asked.trim(), setWords];
}

/** The screen. */
export function SearchScreen({ query }: ScreenProps) {
  const { t } = useTranslation();
  const now = useNow(30_000);
  const beside = useRoute().thread !== null;
  const [words, asked, setWords] = useWords(query.q ?? "");
  const [limits, setLimits] = useState<Limits>({ place: "", author: "" });
  const { recent, add, clear } = useRecent();
  const field = useRef<HTMLInputElement>(null);
  const results = useRef<HTMLDivElement>(null);
  const isOwn = useOwnKeys();
  const terms = useMemo(() => toTerms(asked), [asked]);
  const found = useLoad<Found[]>(terms.length === 0 ? null : asked, (signal) =>
    search({ q: asked, limit: most }, signal),
  );
  const closer = useCloser(asked, limits, found.value);
  const shown = useMemo(() => closer ?? narrow(found.value ?? [], limits), [found.value, closer, limits]);
  const named = useNamed(terms);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other words have other places and authors
  useEffect(() => setLimits({ place: "", author: "" }), [asked]);
  useEffect(() => {
    if (!beside) field.current?.focus();
  }, [beside]);

  const links = () => [
    ...(results.current?.querySelectorAll<HTMLElement>(".search-name, .search-row") ?? []),
  ];
  const walk = (by: number) => {
    const all = links();
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (at + by < 0) field.current?.focus();
    else all[Math.min(at + by, all.length - 1)]?.focus();
  };

  function onKeyDown(event: KeyboardEvent) {
    const inField = event.target === field.current;
    if (event.nativeEvent.isComposing) return;
    if (inField) {
      if (event.key === "ArrowDown" || event.key === "Enter") {
        add(words);
        links()[0]?.focus();
      } else if (event.key === "Escape" && words !== "") setWords("");
      else return;
    } else if (!isOwn(event)) return;
    else if (event.key === "j" || event.key === "ArrowDown") walk(1);
    else if (event.key === "k" || event.key === "ArrowUp") walk(-1);
    else if (event.key === "/") field.current?.select();
    else return;
    event.preventDefault();
  }

  return (
    <Page title={t("shell.search")} hint={t("search.keys")} className="search" onKeyDown={onKeyDown}>
      <search className="search-box">
        <Icon name="search" size={20} />
        <input
          ref={field}
          className="search-field"
          type="search"
          aria-label={t("search.label")}
          placeholder={t("search.label")}
          value={words}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="search"
          maxLength={200}
          onChange={(event) => setWords(event.target.value)}
        />
        {words !== "" && (
          <IconButton
            icon="close"
            label={t("search.clear")}
            small
            onClick={() => {
              setWords("");
              field.current?.focus();
            }}
          />
        )}
      </search>
      {terms.length === 0 ? (
        <Before recent={recent} onPick={setWords} onClear={clear} />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: it only notes that something found was opened
        // biome-ignore lint/a11y/useKeyWithClickEvents: as above; the links in it have their own keys
        <div ref={results} className="search-results" onClick={() => add(asked)}>
          <NamedList named={named} query={asked} />
          {found.value === null ? (
            <Pending error={found.error} again={found.again} />
          ) : (
            <Posts
              all={found.value}
              shown={shown}
              limits={limits}
              onLimits={setLimits}
              {...{ terms, asked, now }}
              alone={named.length === 0}
            />
          )}
        </div>
      )}
    </Page>
  );
}

// Where more was found than is shown, what a place or an author has is asked for by itself: it may all be older.
function useCloser(asked: string, { place, author }: Limits, all: readonly Found[] | null): Found[] | null {
  const needed = (all?.length ?? 0) >= most && (place !== "" || author !== "");
  const key = needed ? JSON.stringify([asked, place, author]) : null;
  return useLoad<Found[]>(key, (signal) =>
    search({ q: asked, limit: most, channel: place || undefined, author: author || undefined }, signal),
  ).value;
}

function useNamed(terms: readonly string[]) {
  const channels = useHum((state) => state.channels);
  const programs = useHum((state) => state.programs);
  const threads = useHum((state) => state.threads);
  return useMemo(
    () =>
      toNamed(
        {
          channels: Object.values(channels),
          programs: Object.values(programs),
          threads: Object.values(threads),
        },
        terms,
      ),
    [channels, programs, threads, terms],
  );
}

interface PostsProps {
  all: readonly Found[];
  shown: readonly Found[];
  terms: readonly string[];
  asked: string;
  now: number;
  /** No names were found either. */
  alone: boolean;
  limits: Limits;
  onLimits: (limits: Limits) => void;
}

function Posts({ all, shown, terms, asked, now, alone, limits, onLimits }: PostsProps) {
  const { t } = useTranslation();
  const channels = useHum((state) => state.channels);
  const places = toChoices(all, (post) => post.channel);
  const authors = toChoices(all, (post) => post.from.name);
  const titleOf = (id: string) => (channels[id] ? channelTitle(channels[id]) : id);
  if (all.length === 0)
    return alone ? (
      <EmptyState
        icon="search"
        title={t("search.nothing", { words: asked })}
        about={t("search.nothingAbout")}
      />
    ) : null;
  return (
    <section aria-label={t("search.posts")}>
      <header className="search-posts-head">
        <h2 className="search-head">
          <span role="status">
            {shown.length >= most
              ? t("search.many", { count: most })
              : t("search.count", { count: shown.length })}
          </span>
        </h2>
        {places.length > 1 && (
          <Select
            label={t("search.place")}
            hideLabel
            value={limits.place}
            onChange={(place) => onLimits({ ...limits, place })}
            options={[
              { value: "", label: t("search.anywhere") },
              ...places.map(({ value, count }) => ({ value, label: `${titleOf(value)} (${count})` })),
            ]}
          />
        )}
        {authors.length > 1 && (
          <Select
            label={t("search.author")}
            hideLabel
            value={limits.author}
            onChange={(author) => onLimits({ ...limits, author })}
            options={[
              { value: "", label: t("search.anybody") },
              ...authors.map(({ value, count }) => ({ value, label: `${value} (${count})` })),
            ]}
          />
        )}
      </header>
      {shown.length === 0 ? (
        <EmptyState icon="search" title={t("search.nothingHere")}>
          <Button onClick={() => onLimits({ place: "", author: "" })}>{t("search.everywhere")}</Button>
        </EmptyState>
      ) : (
        <ul className="search-rows">
          {shown.map((found) => (
            <li key={found.post.id}>
              <SearchRow found={found} terms={terms} query={asked} now={now} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Before({
  recent,
  onPick,
  onClear,
}: {
  recent: readonly string[];
  onPick: (words: string) => void;
  onClear: () => void;
}) {
  const { t } = useTranslation();
  if (recent.length === 0)
    return <EmptyState icon="search" title={t("search.begin")} about={t("search.beginAbout")} />;
  return (
    <section aria-label={t("search.recent")}>
      <header className="search-posts-head">
        <h2 className="search-head">{t("search.recent")}</h2>
        <Button kind="quiet" small onClick={onClear}>
          {t("search.forget")}
        </Button>
      </header>
      <ul className="search-names">
        {recent.map((one) => (
          <li key={one}>
            <button type="button" className="search-name" onClick={() => onPick(one)}>
              <Icon name="clock" size={15} />
              <span className="search-name-words">{one}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
