// The index of posts (workplace.db): pages of a place and full-text search, in milliseconds also among 100,000 posts. It
// is made from the journal and remembers up to which record it has read; when it is missing, damaged or ahead of the
// journal it is made again, and when it could not write it catches up before it is next read. Never a second truth.

import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Post } from "../entity/conversation.ts";
import type { Events } from "../entity/events.ts";
import { type PostView, toPost } from "../entity/post.ts";
import { HumError, isDiskFull } from "../error.ts";
import type { JournalRecord } from "../journal/journal.ts";
import { workLimits } from "../limits.ts";
import type { PostQuery } from "./api.ts";
import type { PostPage } from "./contract.ts";

/** The index. */
export interface Posts {
  /** Reads a record; the view includes it. Those already read are passed over. */
  take(record: JournalRecord, view: PostView): void;
  /** Seq up to which it has read. */
  at(): number;
  /** True when it could not write, so that records are missing. */
  behind(): boolean;
  get(id: string): Post | null;
  /** The post that was written with a key. */
  byKey(by: string, key: string): Post | null;
  /** Id of the last question that an entity asked. */
  lastQuestion(pid: number): string | null;
  /** The post of a record. */
  bySeq(seq: number): Post | null;
  /** Posts of a place: a thread, or what stands in a channel itself. */
  page(place: string, query: PostQuery): Omit<PostPage, "threads" | "root">;
  /** Posts of a channel and all its threads after a record, oldest first. */
  since(channel: string, seq: number, limit: number): Post[];
  /** The last posts of a channel and all its threads, oldest first. */
  latest(channel: string, limit: number): Post[];
  search(words: string, limit: number, within?: SearchWithin): { post: Post; excerpt: string }[];
  /** Posts that concern a person, the newest first: those that mention them, and those told to `notice`. */
  notices(person: string, limit: number): Post[];
  /** Tries again after it could not write; the records since `at` are to be given again. */
  resume(): void;
  /** Forgets everything, to be read again from the first record. */
  reset(): void;
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS post (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, place TEXT NOT NULL, channel TEXT NOT NULL,
    n INTEGER NOT NULL, key TEXT, asker INTEGER, json TEXT NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS post_place ON post (place, n);
  CREATE INDEX IF NOT EXISTS post_seq ON post (place, seq);
  CREATE INDEX IF NOT EXISTS post_channel ON post (channel, seq);
  CREATE INDEX IF NOT EXISTS post_asker ON post (asker, seq) WHERE asker IS NOT NULL;
  CREATE UNIQUE INDEX IF NOT EXISTS post_key ON post (key) WHERE key IS NOT NULL;
  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');
  CREATE TABLE IF NOT EXISTS notice (person TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (person, seq)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS mark (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL);
`;

/** What a search is narrowed to: posts of one channel, posts of one author. */
export interface SearchWithin {
  channel?: string | undefined;
  author?: string | undefined;
}

interface Row {
  json: string;
  n: number;
}

/** Raised when an index of before must not be used: its tables or the posts themselves are made in another way. */
const indexVersion = 5;

/** Opens the index in `file` (`:memory:` for one that is made anew each time). `notice` names those whom a post concerns. */
export function openPosts(file: string, notice: (post: Post, view: PostView) => string[]): Posts {
  const database = openDatabase(file);
  const prepare = (sql: string) => database.prepare(sql);
  const insert = prepare("INSERT INTO post VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  const lastN = prepare("SELECT max(n) AS n FROM post WHERE place = ?");
  const update = prepare("UPDATE post SET json = ? WHERE seq = ?");
  const addWords = prepare("INSERT INTO words (rowid, text) VALUES (?, ?)");
  const dropWords = prepare("DELETE FROM words WHERE rowid = ?");
  const addNotice = prepare("INSERT OR IGNORE INTO notice VALUES (?, ?)");
  const dropNotices = prepare("DELETE FROM notice WHERE seq = ?");
  const setMark = prepare(
    "INSERT INTO mark VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET seq = excluded.seq",
  );
  const byId = prepare("SELECT json FROM post WHERE id = ?");
  const ofSeq = prepare("SELECT json FROM post WHERE seq = ?");
  const ofKey = prepare("SELECT json FROM post WHERE key = ?");
  const ofAsker = prepare("SELECT id FROM post WHERE asker = ? ORDER BY seq DESC LIMIT 1");
  const between = prepare("SELECT json, n FROM post WHERE place = ? AND n > ? AND n <= ? ORDER BY n");
  const nBefore = prepare("SELECT n FROM post WHERE place = ? AND seq < ? ORDER BY seq DESC LIMIT 1");
  const ofChannel = prepare("SELECT json FROM post WHERE channel = ? AND seq > ? ORDER BY seq LIMIT ?");
  const lastOfChannel = prepare("SELECT json FROM post WHERE channel = ? ORDER BY seq DESC LIMIT ?");
  const ofPerson = prepare(
    "SELECT json FROM notice JOIN post USING (seq) WHERE person = ? ORDER BY seq DESC LIMIT ?",
  );
  let seq = (prepare("SELECT seq FROM mark").get() as { seq: number } | undefined)?.seq ?? 0;
  let marked = seq;
  let behind = false;

  const one = (row: unknown): Post | null => (row ? (JSON.parse((row as Row).json) as Post) : null);
  const placeOf = (post: Post) => post.thread ?? post.channel;
  const store = (post: Post, view: PostView) => {
    update.run(JSON.stringify(post), post.seq);
    dropWords.run(post.seq);
    dropNotices.run(post.seq);
    if (post.deleted) return;
    addWords.run(post.seq, toIndexed(post));
    for (const person of notice(post, view)) addNotice.run(person.toLowerCase(), post.seq);
  };
  const add = (post: Post, record: JournalRecord, view: PostView) => {
    // The first post of an id counts; a second one could only stop the index.
    if (byId.get(post.id)) return;
    const { n } = lastN.get(placeOf(post)) as { n: number | null };
    const { key, by } = record.data as { key?: string | null; by?: string };
    const full = record.type === "post.written" && key ? toKey(by ?? "", key) : null;
    const asker = post.kind === "question" && post.from.kind === "entity" ? post.from.pid : null;
    insert.run(post.seq, post.id, placeOf(post), post.channel, (n ?? 0) + 1, full, asker, "");
    store(post, view);
  };
  const change = (record: JournalRecord, view: PostView) => {
    const changer = changers[record.type];
    const post = changer && one(byId.get((record.data as { id: string }).id));
    if (post) store(changer(post, record.data as never, record.at), view);
  };
  const mark = (to: number) => {
    setMark.run(to);
    marked = to;
  };
  const within = (work: () => void) => {
    try {
      database.exec("BEGIN");
      work();
      database.exec("COMMIT");
    } catch {
      behind = true;
      if (database.isTransaction) database.exec("ROLLBACK");
    }
  };

  return {
    take(record, view) {
      if (behind || record.seq <= seq) return;
      const post = toPost(record, view);
      const changes = Object.hasOwn(changers, record.type);
      if (post || changes || record.seq - marked >= workLimits.markEvery)
        within(() => {
          if (post) add(post, record, view);
          if (changes) change(record, view);
          mark(record.seq);
        });
      if (!behind) seq = record.seq;
    },
    at: () => seq,
    behind: () => behind,
    get: (id) => one(byId.get(id)),
    lastQuestion: (pid) => (ofAsker.get(pid) as { id: string } | undefined)?.id ?? null,
    bySeq: (at) => one(ofSeq.get(at)),
    byKey: (by, key) => one(ofKey.get(toKey(by, key))),
    page(place, query) {
      const limit = Math.max(1, Math.min(query.limit ?? workLimits.pagePosts, workLimits.mostPosts));
      const total = (lastN.get(place) as { n: number | null }).n ?? 0;
      const countBefore = (at: number) => (nBefore.get(place, at) as { n: number } | undefined)?.n ?? 0;
      let from = Math.max(0, total - limit);
      if (query.before !== undefined) from = Math.max(0, countBefore(query.before) - limit);
      else if (query.after !== undefined) from = countBefore(query.after + 1);
      else if (query.around !== undefined)
        from = Math.max(0, Math.min(total - limit, countBefore(query.around) - Math.floor(limit / 2)));
      const to = query.before === undefined ? from + limit : countBefore(query.before);
      const rows = between.all(place, from, to) as unknown as Row[];
      const posts = rows.map((row) => JSON.parse(row.json) as Post);
      return { posts, before: from > 0, after: from + posts.length < total, total, first: from };
    },
    latest: (channel, limit) =>
      lastOfChannel
        .all(channel, limit)
        .reverse()
        .map((row) => one(row) as Post),
    since: (channel, at, limit) => ofChannel.all(channel, at, limit).map((row) => one(row) as Post),
    search(words, limit, within = {}) {
      const query = toQuery(words);
      if (query === "") return [];
      const sql =
        "SELECT json FROM words JOIN post ON post.seq = words.rowid WHERE words MATCH ?1 AND (?2 IS NULL OR channel = ?2) AND (?3 IS NULL OR json ->> '$.from.name' = ?3) ORDER BY words.rowid DESC LIMIT ?4";
      const most = Math.max(1, Math.min(limit, workLimits.mostPosts));
      return prepare(sql)
        .all(query, within.channel ?? null, within.author ?? null, most)
        .map((row) => one(row) as Post)
        .map((post) => ({ post, excerpt: toExcerpt(post.text, words) }));
    },
    notices: (person, limit) => ofPerson.all(person.toLowerCase(), limit).map((row) => one(row) as Post),
    resume() {
      behind = false;
    },
    reset() {
      database.exec(
        "BEGIN; DELETE FROM post; DELETE FROM words; DELETE FROM notice; DELETE FROM mark; COMMIT",
      );
      seq = 0;
      marked = 0;
      behind = false;
    },
    close() {
      if (!behind && seq > marked) within(() => mark(seq));
      database.close();
    },
  };
}

type Changer = (post: Post, data: never, at: number) => Post;

const changers: Record<string, Changer> = {
  "post.edited": (post, { text, mentions }: Events["post.edited"], at) => ({
    ...post,
    ...{ text, mentions, editedAt: at },
  }),
  "post.deleted": (post) => ({ ...post, text: "", files: [], mentions: [], reactions: {}, deleted: true }),
  "post.reacted"(post, { emoji, by, on }: Events["post.reacted"]) {
    const others = (post.reactions[emoji] ?? []).filter((name) => name !== by);
    const { [emoji]: _before, ...rest } = post.reactions;
    const names = on ? [...others, by] : others;
    return { ...post, reactions: names.length > 0 ? { ...rest, [emoji]: names } : rest };
  },
};

function toKey(by: string, key: string): string {
  return `${by.toLowerCase()} ${key}`;
}

// Scripts that put no space between words.
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/gu;

// Each of their characters is a word of its own, so that a word is found within a sentence.
const toSpaced = (text: string): string => text.replace(unspaced, " $& ");

// A post is found by its words and by the names of its files.
function toIndexed(post: Post): string {
  return toSpaced([post.text, ...post.files.map((file) => file.path)].join("\n"));
}

// Every word must occur, the last one may be unfinished. Quoting makes any text a valid query; several characters of a
// script without spaces must follow each other.
function toQuery(words: string): string {
  const parts = words.match(/[\p{L}\p{N}]+/gu) ?? [];
  return parts.map((part, i) => `"${toSpaced(part).trim()}"${i === parts.length - 1 ? "*" : ""}`).join(" ");
}

/** Characters of an excerpt on each side of the word that was found. */
const excerptChars = 60;

function toExcerpt(text: string, words: string): string {
  const first = (words.match(/[\p{L}\p{N}]+/u)?.[0] ?? "").toLowerCase();
  const at = Math.max(0, text.toLowerCase().indexOf(first));
  const from = Math.max(0, at - excerptChars);
  const to = Math.min(text.length, at + first.length + excerptChars);
  const inner = text.slice(from, to).replace(/\s+/g, " ");
  return `${from > 0 ? "…" : ""}${inner}${to < text.length ? "…" : ""}`;
}

// A damaged index is thrown away: it is made again from the journal.
function openDatabase(file: string): DatabaseSync {
  const open = () => {
    const database = new DatabaseSync(file);
    try {
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
      const { user_version: version } = database.prepare("PRAGMA user_version").get() as {
        user_version: number;
      };
      if (version !== 0 && version !== indexVersion) throw new Error("an index of another version");
      database.exec(schema);
      database.exec(`PRAGMA user_version = ${indexVersion}`);
      const [found] = database.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
      if (found?.quick_check === "ok") return database;
    } catch (error) {
      // What is only out of room is not damaged; anything else is said below.
      if (isDiskFull(error)) {
        database.close();
        throw error;
      }
    }
    database.close();
    return null;
  };
  const first = open();
  if (first) return first;
  for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
  const second = open();
  if (!second) throw new HumError("damaged", `The index of posts ${file} cannot be opened or made anew.`);
  return second;
}
