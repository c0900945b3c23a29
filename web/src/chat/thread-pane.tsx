// A thread.

/** The pane. */
export function ThreadPane({ id }: { id: string; at: number | null; base: string }) {
  return <aside className="pane">{id}</aside>;
}
