// Channels and direct lines: the places of the workplace. A channel without members belongs to everybody; one with
// members is shown to those only. A direct line is one conversation of a person with one program: it is its own thread.

import type { Channel } from "../entity/conversation.ts";
import { toEvent } from "../entity/events.ts";
import { toChannelStream } from "../entity/work-events.ts";
import { HumError } from "../error.ts";
import type { Workplace } from "./api.ts";
import { firstChannels } from "./first-channels.ts";
import { findChannel, isSame, type Room, toText, workOf } from "./room.ts";

const nameBytes = 80;

/** Makes the part of the workplace that keeps its places. */
export function createChannels(room: Room): Pick<
  Workplace,
  "channels" | "createChannel" | "changeChannel" | "openDirect"
> & {
  open(): Promise<void>;
} {
  const commit = room.machine.commit;
  /** Ids that are on their way into the journal. */
  const making = new Map<string, Promise<void>>();

  const create = async (
    by: string,
    channel: Pick<Channel, "id" | "kind" | "name" | "about" | "members">,
  ): Promise<Channel> => {
    const stream = toChannelStream(channel.id);
    const { id, name } = channel;
    const opened =
      channel.kind === "direct"
        ? [
            toEvent("thread.opened", {
              ...{ id, channel: id, title: name, owner: by, delegate: name, trigger: null, folder: null },
            }),
          ]
        : [];
    const write = commit(stream, [toEvent("channel.created", { ...channel, by }), ...opened]);
    making.set(id, write);
    await write.finally(() => making.delete(id));
    return findChannel(room, id);
  };

  return {
    channels: (by) =>
      [...workOf(room).channels.values()]
        .filter((channel) => isMember(channel, by))
        .map((channel) => withMembers(room, channel)),
    async createChannel(by, { name, about = "", members = [] }) {
      const clean = toText(name, "name", nameBytes).trim();
      const id = toSlug(clean);
      if (id === "" || id.startsWith("dm-"))
        throw new HumError("bad-input", `"${name}" is no name for a channel: use letters and digits.`);
      if (workOf(room).channels.has(id) || making.has(id))
        throw new HumError("conflict", `There is a channel "${id}" already.`);
      if (about !== "") toText(about, "description", 1_024);
      const all =
        members.length === 0 || members.some((member) => isSame(member, by)) ? members : [by, ...members];
      return withMembers(room, await create(by, { id, kind: "channel", name: clean, about, members: all }));
    },
    async changeChannel(by, id, to) {
      const channel = findChannel(room, id);
      if (channel.kind === "direct") throw new HumError("conflict", "A direct line cannot be changed.");
      if (to.name !== undefined) toText(to.name, "name", nameBytes);
      await commit(toChannelStream(id), [toEvent("channel.changed", { id, ...to, by })]);
      return withMembers(room, findChannel(room, id));
    },
    async openDirect(by, program) {
      room.programs.find(program);
      const id = `dm-${program}-${toSlug(by)}`;
      await making.get(id);
      const known = workOf(room).channels.get(id);
      return known ?? create(by, { id, kind: "direct", name: program, about: "", members: [by, program] });
    },
    async open() {
      for (const channel of firstChannels)
        if (!workOf(room).channels.has(channel.id))
          await create("Hum", { ...channel, kind: "channel", members: [] });
    },
  };
}

/** Whether a channel is shown to a person. */
export function isMember(channel: Channel, by: string): boolean {
  return channel.members.length === 0 || channel.members.some((member) => isSame(member, by));
}

/** A channel with the names of all who are in it. */
export function withMembers(room: Room, channel: Channel): Channel {
  if (channel.members.length > 0) return { ...channel, members: [...channel.members] };
  return { ...channel, members: [...workOf(room).people.values(), ...room.programs.names()] };
}

/** A name in small letters, digits and hyphens, for ids. */
export function toSlug(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
}
