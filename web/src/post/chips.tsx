// Small words within a post that lead somewhere or say what was there: a name, a channel, a hidden character.

import { toChannelPath } from "../router.ts";
import { useHum } from "../store/store.ts";
import { cx } from "../ui/cx.ts";
import type { PostPiece } from "./pieces.ts";
import "../control/parts/text.css";

/** A name that was mentioned; one's own stands out. A colleague with whom there is a direct line is a way to it. */
export function Mention({ name }: { name: string }) {
  const me = useHum((state) => state.person.toLowerCase() === name.toLowerCase());
  const line = useHum((state) => {
    const id = `dm-${name.toLowerCase()}-${state.person.toLowerCase()}`;
    return Object.values(state.channels).find((channel) => channel.id.toLowerCase() === id)?.id ?? null;
  });
  const look = cx("post-chip", "post-mention", me && "post-mention-me");
  return line === null ? (
    <span className={look}>@{name}</span>
  ) : (
    <a className={look} href={`#${toChannelPath(line)}`}>
      @{name}
    </a>
  );
}

/** A channel that was named; only a word where there is none of that name. */
export function ChannelChip({ name }: { name: string }) {
  const id = useHum((state) => {
    const wanted = name.toLowerCase();
    const found = Object.values(state.channels).find(
      (one) => one.kind === "channel" && (one.name.toLowerCase() === wanted || one.id === wanted),
    );
    return found?.id ?? null;
  });
  if (id === null) return <>#{name}</>;
  return (
    <a className="post-chip post-channel" href={`#${toChannelPath(id)}`}>
      #{name}
    </a>
  );
}

/** One piece of a post. */
export function Piece({ piece }: { piece: PostPiece }) {
  switch (piece.kind) {
    case "text":
      return <>{piece.text}</>;
    case "mention":
      return <Mention name={piece.name} />;
    case "channel":
      return <ChannelChip name={piece.name} />;
    case "mark":
      return (
        <span className="ctl-mark" title={piece.code}>
          {piece.name}
        </span>
      );
  }
}
