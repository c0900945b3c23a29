// What the kernel and the process of the embedding model say to each other (Node IPC, one JSON value a message).

/** From the kernel. */
export type ToEmbedder = { id: number; texts: readonly string[] };

/** From the model; vectors as base64 of 32-bit numbers, little endian. */
export type FromEmbedder = { id: number; vectors: string[] } | { id: number; problem: string };
