// Labels say where a value comes from (integrity) and who may read it. Combining values joins their labels: the
// result is as little trusted as its least trusted part, and may be read only by those who may read every part.

/** Where a value comes from, most trusted first. */
export type Integrity = "kernel" | "person" | "entity" | "untrusted";

/** The label of a value. `origins` names the untrusted sources; `readers` null is everybody. */
export interface Label {
  integrity: Integrity;
  origins: readonly string[];
  readers: readonly string[] | null;
}

const order: readonly Integrity[] = ["kernel", "person", "entity", "untrusted"];

/** A label without origins or limits on readers. */
export function toLabel(integrity: Integrity): Label {
  return { integrity, origins: [], readers: null };
}

/** The label of something read from an untrusted place, e.g. `file:/home/ada/in.csv` or `host:example.org`. */
export function toUntrusted(origin: string): Label {
  return { integrity: "untrusted", origins: [origin], readers: null };
}

/** The reader of what is private: the people of this home. No host and no address has a name with a space. */
export const homeReader = "this home";

/** The same, to be read by the people of this home only. */
export function toPrivate(label: Label): Label {
  return joinLabels(label, { integrity: "kernel", origins: [], readers: [homeReader] });
}

/** True when strangers had a part in it. */
export function isUntrusted(label: Label): boolean {
  return label.integrity === "untrusted";
}

/** The label of a value made from both. */
export function joinLabels(a: Label, b: Label): Label {
  const integrity = order.indexOf(a.integrity) >= order.indexOf(b.integrity) ? a.integrity : b.integrity;
  const origins = [...new Set([...a.origins, ...b.origins])].sort();
  const readers =
    a.readers === null
      ? b.readers
      : b.readers === null
        ? a.readers
        : a.readers.filter((r) => b.readers!.includes(r));
  return { integrity, origins, readers };
}
