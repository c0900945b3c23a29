// What a person can do, one function for each route. All may throw ApiErrors; `act` (rest.ts) shows them.

import type { PostQuery, ProcessRequest, WorkLook } from "../../../os/src/workplace/api.ts";
import type {
  Channel,
  InboxItem,
  Post,
  PostPage,
  ProcessRow,
  Thread,
} from "../../../os/src/workplace/contract.ts";
import { get, post, request, type Wish } from "./rest.ts";

const root = "/api/v1";
const enc = encodeURIComponent;

/** Where posts stand. */
export type Place = { channel: string } | { thread: string };

/** One text for a place: `c/ID` or `t/ID`. */
export const toPlaceKey = (place: Place): string =>
  "channel" in place ? `c/${place.channel}` : `t/${place.thread}`;

const toPath = (place: Place): string =>
  "channel" in place ? `${root}/channels/${enc(place.channel)}` : `${root}/threads/${enc(place.thread)}`;

/** A file of a thread. */
export interface ThreadFile {
  path: string;
  bytes: number;
  modifiedAt: number;
}

/** A model that is known here. */
export interface ModelInfo {
  id: string;
  kind: string;
  here: boolean;
  bytes: number | null;
  used: boolean;
}

/** Everything a tab begins with. */
export const look = (): Promise<WorkLook> => get(`${root}/look`);

/** A page of posts. */
export const readPosts = (place: Place, query: PostQuery, signal?: AbortSignal): Promise<PostPage> =>
  get(`${toPath(place)}/posts`, { query: { ...query }, ...(signal ? { signal } : {}) });

/** Writes a post; the outbox calls it, again and again with the same key. */
export const writePost = (
  place: Place,
  body: { text: string; files?: string[] },
  key: string,
): Promise<Post> => post(`${toPath(place)}/posts`, body, { key, tries: 1 });

/** Changes an own post. */
export const editPost = (id: string, text: string): Promise<Post> =>
  request("PATCH", `${root}/posts/${enc(id)}`, { body: { text } });

/** Deletes an own post. */
export const deletePost = (id: string): Promise<Post> => request("DELETE", `${root}/posts/${enc(id)}`);

/** Sets or takes away a reaction. */
export const react = (id: string, emoji: string, on: boolean): Promise<Post> =>
  request("PUT", `${root}/posts/${enc(id)}/reactions/${enc(emoji)}`, { body: { on } });

/** Makes a channel. */
export const createChannel = (body: { name: string; about?: string; members?: string[] }): Promise<Channel> =>
  post(`${root}/channels`, body);

/** Changes or archives a channel. */
export const changeChannel = (
  id: string,
  body: { name?: string; about?: string; archived?: boolean },
): Promise<Channel> => request("PATCH", `${root}/channels/${enc(id)}`, { body });

/** Opens the direct line to a colleague. */
export const openDirect = (program: string): Promise<Channel> => post(`${root}/direct/${enc(program)}`);

/** Threads, newest first. */
export const readThreads = (query: {
  state?: string;
  channel?: string;
  resolved?: boolean;
}): Promise<Thread[]> => get(`${root}/threads`, { query });

/** One thread. */
export const readThread = (id: string): Promise<Thread> => get(`${root}/threads/${enc(id)}`);

/** Renames, resolves or reopens a thread. */
export const changeThread = (id: string, body: { title?: string; resolved?: boolean }): Promise<Thread> =>
  request("PATCH", `${root}/threads/${enc(id)}`, { body });

/** Files of a thread. */
export const readFiles = (thread: string): Promise<ThreadFile[]> =>
  get(`${root}/threads/${enc(thread)}/files`);

/** Uploads a file for a post to come; `key` is the key with which it will be written. */
export const uploadFile = (
  place: Place,
  file: { path: string; bytes: Blob; key: string; signal?: AbortSignal },
): Promise<{ path: string; bytes: number }> => {
  const wish: Wish = { bytes: file.bytes, query: { path: file.path } };
  if ("channel" in place) wish.query = { ...wish.query, key: file.key };
  if (file.signal) wish.signal = file.signal;
  return request("PUT", `${toPath(place)}/files/content`, wish);
};

/** The bytes of a file, fetched with the token, to be saved by the browser. */
export const filePath = (thread: string, path: string): string =>
  `${root}/threads/${enc(thread)}/files/content?path=${enc(path)}`;

/** Full-text search: the newest `limit` posts with all the words, of one channel or one author if named. */
export const search = (
  query: { q: string; limit: number; channel?: string | undefined; author?: string | undefined },
  signal: AbortSignal,
): Promise<{ post: Post; excerpt: string }[]> => get(`${root}/search`, { query, signal });

/** Rows of the inbox. */
export const readInbox = (): Promise<InboxItem[]> => get(`${root}/inbox`);

/** Marks rows or places as seen, or rows as new again. */
export const markSeen = (what: {
  ids?: string[];
  places?: Record<string, number>;
  until?: number;
  unread?: string[];
}): Promise<unknown> => post(`${root}/inbox/read`, what);

/** Says yes or no to what waits. */
export const answerApproval = (
  id: string,
  answer: "approved" | "denied",
  scope: "once" | "thread" | "standing" = "once",
): Promise<unknown> => post(`${root}/approvals/${enc(id)}`, { answer, scope });

/** Starts an entity. */
export const startProcess = (wish: ProcessRequest): Promise<ProcessRow> => post(`${root}/processes`, wish);

/** Pauses, resumes, stops, forks an entity or takes its changes back. */
export const signal = (pid: number, verb: "pause" | "resume" | "kill" | "fork" | "undo"): Promise<unknown> =>
  post(`${root}/processes/${pid}/${verb}`);

/** The red switch. */
export const halt = (on: boolean): Promise<unknown> => post(`${root}/${on ? "halt" : "unhalt"}`);

/** Models that are known here. */
export const readModels = (): Promise<ModelInfo[]> => get(`${root}/models`);
