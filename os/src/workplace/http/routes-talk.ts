// Routes of conversations: channels, threads, posts, search, inbox.

import { z } from "@hono/zod-openapi";
import { httpLimits } from "../../limits.ts";
import type { Workplace } from "../api.ts";
import { defineRoute, type Route } from "./route.ts";
import {
  channelSchema,
  digestSchema,
  digits,
  flag,
  inboxItemSchema,
  lookSchema,
  postPageSchema,
  postSchema,
  shortText,
  taskState,
  threadSchema,
  whole,
} from "./schemas.ts";

const id = z.object({ id: shortText });

const placeQuery = z.object({
  before: digits().optional(),
  after: digits().optional(),
  around: digits().optional(),
  limit: digits(1, httpLimits.pagePosts).optional(),
});

const newPost = z.strictObject({
  text: z.string().max(httpLimits.textChars),
  files: z.array(z.string().min(1).max(4096)).max(httpLimits.postFiles).optional(),
});

/** What the routes of conversations need. */
export function toTalkRoutes(workplace: Workplace): Route[] {
  return [...toPlaceRoutes(workplace), ...toPostRoutes(workplace), ...toInboxRoutes(workplace)];
}

function toPlaceRoutes(workplace: Workplace): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/look",
      about: "Everything a tab needs to begin with, at one moment of the journal.",
      answer: lookSchema,
      run: ({ by }) => workplace.look(by),
    }),
    defineRoute({
      method: "get",
      path: "/channels",
      about: "The channels and direct lines that you see.",
      answer: z.array(channelSchema),
      run: ({ by }) => workplace.channels(by),
    }),
    defineRoute({
      method: "post",
      path: "/channels",
      about: "Makes a channel.",
      body: z.strictObject({
        name: shortText,
        about: z.string().max(2_000).optional(),
        members: z.array(shortText).max(200).optional(),
      }),
      answer: channelSchema,
      run: ({ by, body }) => workplace.createChannel(by, body),
    }),
    defineRoute({
      method: "patch",
      path: "/channels/{id}",
      about: "Changes a channel.",
      params: id,
      body: z.strictObject({
        name: shortText.optional(),
        about: z.string().max(2_000).optional(),
        archived: z.boolean().optional(),
      }),
      answer: channelSchema,
      run: ({ by, params, body }) => workplace.changeChannel(by, params.id, body),
    }),
    defineRoute({
      method: "get",
      path: "/channels/{id}/posts",
      about: "Posts of a channel, oldest first.",
      params: id,
      query: placeQuery,
      answer: postPageSchema,
      run: ({ params, query }) => workplace.posts({ channel: params.id }, query),
    }),
    defineRoute({
      method: "post",
      path: "/channels/{id}/posts",
      about: "Writes a post. A mention starts a colleague, who works in the thread of the post.",
      params: id,
      body: newPost,
      answer: postSchema,
      run: ({ by, params, body, key }) => workplace.post(by, { channel: params.id, ...body, ...toKey(key) }),
    }),
    defineRoute({
      method: "post",
      path: "/direct/{program}",
      about: "Opens the direct line to a colleague.",
      params: z.object({ program: shortText }),
      answer: channelSchema,
      run: ({ by, params }) => workplace.openDirect(by, params.program),
    }),
    defineRoute({
      method: "get",
      path: "/threads",
      about: "Threads, the newest activity first.",
      query: z.object({
        state: taskState.optional(),
        channel: shortText.optional(),
        resolved: flag.optional(),
      }),
      answer: z.array(threadSchema),
      run: ({ query }) => workplace.threads(query),
    }),
    defineRoute({
      method: "get",
      path: "/threads/{id}",
      about: "One thread.",
      params: id,
      answer: threadSchema,
      run: ({ params }) => workplace.thread(params.id),
    }),
    defineRoute({
      method: "patch",
      path: "/threads/{id}",
      about: "Names a thread, or marks it as resolved.",
      params: id,
      body: z.strictObject({ title: shortText.optional(), resolved: z.boolean().optional() }),
      answer: threadSchema,
      run: ({ by, params, body }) => workplace.changeThread(by, params.id, body),
    }),
    defineRoute({
      method: "get",
      path: "/threads/{id}/posts",
      about: "Replies of a thread, oldest first.",
      params: id,
      query: placeQuery,
      answer: postPageSchema,
      run: ({ params, query }) => workplace.posts({ thread: params.id }, query),
    }),
    defineRoute({
      method: "post",
      path: "/threads/{id}/posts",
      about: "Replies in a thread.",
      params: id,
      body: newPost,
      answer: postSchema,
      run: ({ by, params, body, key }) => workplace.post(by, { thread: params.id, ...body, ...toKey(key) }),
    }),
  ];
}

function toPostRoutes(workplace: Workplace): Route[] {
  return [
    defineRoute({
      method: "patch",
      path: "/posts/{id}",
      about: "Changes the text of a post of your own.",
      params: id,
      body: z.strictObject({ text: z.string().min(1).max(httpLimits.textChars) }),
      answer: postSchema,
      run: ({ by, params, body }) => workplace.editPost(by, params.id, body.text),
    }),
    defineRoute({
      method: "delete",
      path: "/posts/{id}",
      about: "Takes the text of a post of your own away.",
      params: id,
      answer: postSchema,
      run: ({ by, params }) => workplace.deletePost(by, params.id),
    }),
    defineRoute({
      method: "put",
      path: "/posts/{id}/reactions/{emoji}",
      about: "Sets or takes back your reaction.",
      params: z.object({ id: shortText, emoji: z.string().min(1).max(64) }),
      body: z.strictObject({ on: z.boolean() }),
      answer: postSchema,
      run: ({ by, params, body }) => workplace.react(by, params.id, { emoji: params.emoji, on: body.on }),
    }),
    defineRoute({
      method: "get",
      path: "/search",
      about: "Posts in which all the words stand, the newest first; of one channel or one author, if named.",
      query: z.object({
        q: z.string().min(1).max(1_000),
        limit: digits(1, httpLimits.pagePosts).optional(),
        channel: shortText.optional(),
        author: shortText.optional(),
      }),
      answer: z.array(z.strictObject({ post: postSchema, excerpt: z.string() })),
      run: ({ query: { q, limit, channel, author } }) =>
        workplace.search(q, limit ?? 50, { channel, author }),
    }),
  ];
}

function toInboxRoutes(workplace: Workplace): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/inbox",
      about: "What needs you, and what you have not seen.",
      answer: z.array(inboxItemSchema),
      run: ({ by }) => workplace.inbox(by),
    }),
    defineRoute({
      method: "post",
      path: "/inbox/read",
      about:
        "Marks rows of the inbox, places up to a seq, or everything up to a seq as seen, or rows as unread.",
      body: z.strictObject({
        ids: z.array(shortText).max(1_000).optional(),
        places: z.record(z.string(), whole).optional(),
        until: whole.optional(),
        unread: z.array(shortText).max(1_000).optional(),
      }),
      run: ({ by, body }) => workplace.markSeen(by, body),
    }),
    defineRoute({
      method: "get",
      path: "/digest",
      about: "What has happened since a moment.",
      query: z.object({ since: digits().optional() }),
      answer: digestSchema,
      run: ({ by, query }) => workplace.digest(by, query.since ?? 0),
    }),
  ];
}

const toKey = (key: string | null): { key?: string } => (key === null ? {} : { key });
