// The routes of the fake server: those that the shell uses, with the answers of the contract.

import { createHash } from "node:crypto";
import type { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Post } from "../../../os/src/workplace/contract.ts";
import { me } from "./seeds.ts";
import { Refusal, type World } from "./world.ts";

const person = { kind: "person", name: me } as const;

/** Adds the routes. */
export function toFakeRoutes(app: Hono, world: World): void {
  const api = app.basePath("/api/v1");
  const must = <T>(row: T | undefined): T => {
    if (row === undefined) throw new Refusal(404, "not-found", "There is no such thing.");
    return row;
  };
  app.onError((error, context) => {
    const known = error instanceof Refusal;
    const said = { code: known ? error.code : "internal", message: error.message, data: {} };
    return context.json({ error: said }, (known ? error.status : 500) as ContentfulStatusCode);
  });
  const write = (
    place: { channel: string; thread?: string },
    body: { text: string; files?: string[] },
    key: string,
  ) => {
    const before = world.written.get(key);
    if (before) return before;
    if (body.text.trim() === "" && !body.files?.length)
      throw new Refusal(400, "bad-input", "A post has words.");
    const files = (body.files ?? []).map((path) => ({ path, bytes: null }));
    const post = world.say(place, person, body.text, {
      id: `k${createHash("sha256").update(key).digest("hex").slice(0, 24)}`,
      files,
    });
    world.written.set(key, post);
    world.onWritten(post);
    return post;
  };
  const query = (request: { query: (name: string) => string | undefined }) => {
    const number = (name: string) =>
      request.query(name) === undefined ? {} : { [name]: Number(request.query(name)) };
    return { limit: 60, ...number("limit"), ...number("before"), ...number("after"), ...number("around") };
  };

  api.get("/look", (c) => c.json(world.look()));
  api.get("/channels", (c) => c.json([...world.channels.values()]));
  api.post("/channels", async (c) => {
    const { name, about = "" } = await c.req.json<{ name: string; about?: string }>();
    const id = name.toLowerCase().replace(/\s+/g, "-");
    if (world.channels.has(id)) throw new Refusal(409, "conflict", `There is a channel "${name}" already.`);
    const channel = world.addChannel({ id, name: id, about });
    world.set("channel", channel);
    return c.json(channel);
  });
  api.patch("/channels/:id", async (c) => {
    const channel = { ...must(world.channels.get(c.req.param("id"))), ...(await c.req.json<object>()) };
    world.set("channel", channel);
    return c.json(channel);
  });
  api.get("/channels/:id/posts", (c) => {
    must(world.channels.get(c.req.param("id")));
    return c.json(world.page(c.req.param("id"), query(c.req)));
  });
  api.post("/channels/:id/posts", async (c) =>
    c.json(write({ channel: c.req.param("id") }, await c.req.json(), c.req.header("idempotency-key") ?? "")),
  );
  api.put("/channels/:id/files/content", async (c) =>
    c.json({ path: c.req.query("path"), bytes: (await c.req.arrayBuffer()).byteLength }),
  );
  api.post("/direct/:program", (c) => {
    const program = c.req.param("program");
    const id = `dm-${program}-${me.toLowerCase()}`;
    const channel =
      world.channels.get(id) ??
      world.addChannel({ id, name: program, kind: "direct", members: [me, program] });
    world.set("channel", channel);
    return c.json(channel);
  });
  api.get("/threads", (c) => c.json([...world.threads.values()]));
  api.get("/threads/:id", (c) => c.json(must(world.threads.get(c.req.param("id")))));
  api.patch("/threads/:id", async (c) => {
    const change = await c.req.json<{ title?: string; resolved?: boolean }>();
    const thread = { ...must(world.threads.get(c.req.param("id"))), ...change };
    if (change.resolved !== undefined) thread.resolvedBy = change.resolved ? me : null;
    world.set("thread", thread);
    return c.json(thread);
  });
  api.get("/threads/:id/posts", (c) => c.json(world.page(c.req.param("id"), query(c.req))));
  api.post("/threads/:id/posts", async (c) => {
    const thread = c.req.param("id");
    const channel = world.threads.get(thread)?.channel ?? must(world.find(thread)).channel;
    return c.json(write({ channel, thread }, await c.req.json(), c.req.header("idempotency-key") ?? ""));
  });
  api.get("/threads/:id/files", (c) => {
    const files = [...(world.files.get(c.req.param("id")) ?? [])];
    return c.json(files.map(([path, bytes]) => ({ path, bytes: bytes.length, modifiedAt: world.now })));
  });
  api.get("/threads/:id/files/content", (c) => {
    const bytes = must(world.files.get(c.req.param("id"))?.get(c.req.query("path") ?? ""));
    return c.body(new Uint8Array(bytes), 200, { "content-disposition": "attachment" });
  });
  api.put("/threads/:id/files/content", async (c) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const files = world.files.get(c.req.param("id")) ?? new Map<string, Uint8Array>();
    world.files.set(c.req.param("id"), files.set(c.req.query("path") ?? "", bytes));
    return c.json({ path: c.req.query("path"), bytes: bytes.length });
  });
  api.patch("/posts/:id", async (c) => {
    const { text } = await c.req.json<{ text: string }>();
    return c.json(world.change(c.req.param("id"), { text, editedAt: world.now }));
  });
  api.delete("/posts/:id", (c) => c.json(world.change(c.req.param("id"), { deleted: true, text: "" })));
  api.put("/posts/:id/reactions/:emoji", async (c) => {
    const { on } = await c.req.json<{ on: boolean }>();
    const emoji = c.req.param("emoji");
    const { [emoji]: names = [], ...others } = must(world.find(c.req.param("id"))).reactions;
    const next = on ? [...new Set([...names, me])] : names.filter((name) => name !== me);
    return c.json(
      world.change(c.req.param("id"), { reactions: next.length > 0 ? { ...others, [emoji]: next } : others }),
    );
  });
  api.get("/search", (c) => {
    const words = (c.req.query("q") ?? "").toLowerCase();
    const all = [...world.posts.values()]
      .flat()
      .filter((post) => !post.deleted && post.text.toLowerCase().includes(words));
    return c.json(
      all
        .sort((a, b) => b.seq - a.seq)
        .slice(0, 50)
        .map((post: Post) => ({ post, excerpt: toExcerpt(post.text, words) })),
    );
  });
  api.get("/inbox", (c) => c.json([...world.inbox.values()]));
  api.post("/inbox/read", async (c) => {
    const {
      ids = [],
      places = {},
      unread = [],
    } = await c.req.json<{ ids?: string[]; places?: Record<string, number>; unread?: string[] }>();
    for (const id of ids) world.set("inbox", { ...must(world.inbox.get(id)), unread: false });
    for (const id of unread) world.set("inbox", { ...must(world.inbox.get(id)), unread: true });
    for (const [place, upTo] of Object.entries(places)) {
      world.seen[place] = Math.max(upTo, world.seen[place] ?? 0);
      world.emit({ type: "seen", seq: ++world.seq, place, upTo });
    }
    return c.json({});
  });
  api.get("/approvals", (c) => c.json([...world.approvals.values()]));
  api.post("/approvals/:id", async (c) => {
    world.answer(c.req.param("id"), (await c.req.json<{ answer: "approved" | "denied" }>()).answer);
    return c.json({});
  });
  api.get("/processes", (c) => c.json([...world.processes.values()]));
  api.post("/processes", async (c) => {
    const { task, program = "worker" } = await c.req.json<{ task: string; program?: string }>();
    const root = world.say({ channel: "general" }, person, `@${program} ${task}`);
    world.openThread(root.id, "general");
    return c.json(world.start(program, root.id, { task }));
  });
  api.post("/processes/:pid/:verb", (c) => {
    const row = must(world.processes.get(Number(c.req.param("pid"))));
    const verb = c.req.param("verb");
    if (verb === "kill")
      world.set("process", {
        ...row,
        ended: true,
        shown: "killed",
        outcome: { kind: "killed", text: `by ${me}` },
      });
    if (verb === "pause" || verb === "resume") world.set("process", { ...row, paused: verb === "pause" });
    return c.json({});
  });
  for (const verb of ["halt", "unhalt"])
    api.post(`/${verb}`, (c) => {
      world.halted = verb === "halt";
      world.emit({ type: "halted", seq: ++world.seq, halted: world.halted });
      return c.json({});
    });
  api.get("/programs", (c) => c.json(world.look().programs));
  api.get("/triggers", (c) => c.json([]));
  api.get("/senses", (c) =>
    c.json({
      ...{
        language: "en",
        voice: null,
        speed: 1,
        patience: "usual",
        moment: true,
        voices: ["slt"],
        here: {},
      },
      ...{
        quiet: { on: false, hours: null },
        quietNow: false,
        remote: { hearing: null, speaking: null, sight: null },
      },
    }),
  );
  api.get("/models", (c) =>
    c.json([
      { id: "qwen2.5-coder-1.5b", kind: "embedded", here: true, bytes: 1_117_320_768, used: true },
      { id: "llama3.1", kind: "remote", here: true, bytes: null, used: false },
    ]),
  );
}

function toExcerpt(text: string, words: string): string {
  const index = text.toLowerCase().indexOf(words);
  const from = Math.max(0, index - 60);
  return text.slice(from, from + 220);
}
