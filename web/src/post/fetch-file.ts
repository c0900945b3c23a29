// Reads the bytes of a file of a thread, for a look or to be kept. May throw ApiErrors.

import { filePath } from "../client/commands.ts";
import { ApiError, onRefused } from "../client/rest.ts";
import { readToken } from "../client/token.ts";
import { toName } from "./files.ts";

/** Reads a file with the token. */
export async function fetchFile(thread: string, path: string, signal?: AbortSignal): Promise<Blob> {
  const response = await fetch(filePath(thread, path), {
    headers: { authorization: `Bearer ${readToken()}` },
    signal: signal ?? null,
  });
  if (response.ok) return response.blob();
  if (response.status === 401) onRefused.call();
  const said = (await response.json().catch(() => null)) as {
    error?: { code?: string; message?: string };
  } | null;
  throw new ApiError(
    said?.error?.code ?? "internal",
    response.status,
    said?.error?.message ?? response.statusText,
  );
}

/** Gives a file to the person to keep. */
export async function saveFile(thread: string, path: string): Promise<void> {
  const blob = await fetchFile(thread, path);
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = toName(path).name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
