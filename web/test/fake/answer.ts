// Lets the colleagues of the fake workplace answer in real time, for development: they read, write, and end.

import type { Post } from "../../../os/src/workplace/contract.ts";
import { colleagues } from "./seeds.ts";
import type { World } from "./world.ts";

const answer =
  "I looked at the folder. There are **12 files**; three of them are not named by date.\n\n1. `lake.jpg`\n2. `img_2044.jpg`\n3. `final (2).jpg`\n\nShall I go on?";

/** Every post that mentions a colleague, or stands in its direct line, is answered after a moment. */
export function answerAll(world: World): void {
  world.onWritten = (post) => {
    world.now = Date.now();
    const direct = world.channels.get(post.channel)?.kind === "direct";
    const program =
      colleagues.find((name) => post.mentions.includes(name)) ??
      (direct ? world.channels.get(post.channel)?.name : world.threads.get(post.thread ?? "")?.delegate);
    if (program) void play(world, { post, program, direct });
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function play(
  world: World,
  { post, program, direct }: { post: Post; program: string; direct: boolean },
) {
  const thread = direct ? post.channel : (post.thread ?? post.id);
  if (!direct && !world.threads.has(thread)) world.set("thread", world.openThread(thread, post.channel));
  const row = world.start(program, thread);
  for (let done = 0; done <= 2400; done += 400) {
    world.live(row.pid, { kind: "reading", done, total: 2400 });
    await pause(250);
  }
  for (const text of answer.match(/.{1,6}/gs) ?? []) {
    world.live(row.pid, { kind: "text", text });
    await pause(45);
  }
  world.live(row.pid, { kind: "idle" });
  world.now = Date.now();
  world.say(
    { channel: post.channel, thread: direct ? null : thread },
    { kind: "entity", name: program, program, pid: row.pid },
    answer,
    { kind: "result", outcome: "done", usage: { tokens: 2900, activeMs: 6_000, deviceCalls: 1 } },
  );
  world.set("process", { ...row, ended: true, shown: "done", outcome: { kind: "done", text: "" } });
  const after = world.threads.get(thread);
  if (after) world.set("thread", { ...after, state: "complete" });
}
