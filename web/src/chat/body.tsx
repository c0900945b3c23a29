// The words of a post, and words that are still being written.

import type { Post } from "../../../os/src/workplace/contract.ts";

/** The body of a post. */
export function Body({ post }: { post: Post }) {
  return <div className="post-plain">{post.text}</div>;
}

/** Words that are being written. */
export function Words({ text }: { text: string }) {
  return <div className="post-plain">{text}</div>;
}
