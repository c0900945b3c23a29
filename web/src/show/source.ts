// A camera or a shared screen, opened by an act of the person. It is shown, and nothing of it is kept or sent but single
// frames that the person takes. Whoever closes it, it is let go.

/** What can be shown. */
export type ShowKind = "camera" | "screen";

/** Why nothing is shown. */
export type ShowTrouble = "refused" | "none" | "busy" | "unable" | "ended";

/** An open camera or screen. */
export interface Source {
  stream: MediaStream;
  /** Lets it go. */
  close(): void;
}

/** The longest edge of a frame: enough for small print, and a file of well under a megabyte. */
const longestEdge = 1920;

/** Opens it; the browser asks the person. `onEnded` is called when the person or the machine ends it. Throws a ShowTrouble. */
export async function openSource(kind: ShowKind, onEnded: () => void): Promise<Source> {
  const media = navigator.mediaDevices;
  if (!media || (kind === "screen" && !media.getDisplayMedia)) throw "unable" satisfies ShowTrouble;
  const opening =
    kind === "camera"
      ? media.getUserMedia({ video: { width: { ideal: 1920 }, height: { ideal: 1080 } }, audio: false })
      : media.getDisplayMedia({ video: true, audio: false });
  const stream = await opening.catch((error: unknown) => {
    throw toTrouble(error);
  });
  const tracks = stream.getTracks();
  const close = () => {
    for (const track of tracks) {
      track.onended = null;
      track.stop();
    }
  };
  for (const track of tracks)
    track.onended = () => {
      close();
      onEnded();
    };
  return { stream, close };
}

/** What an error of the browser means to the person. */
function toTrouble(error: unknown): ShowTrouble {
  const name = (error as { name?: string } | null)?.name ?? "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "unable";
}

/** The frame that stands in the picture now, as a file; null when there is none yet. */
export async function takeFrame(video: HTMLVideoElement, kind: ShowKind): Promise<File | null> {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0 || videoHeight === 0) return null;
  const scale = Math.min(1, longestEdge / Math.max(videoWidth, videoHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  // Small print stays sharp as PNG; a photograph is a tenth as large as JPEG.
  const type = kind === "screen" ? "image/png" : "image/jpeg";
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, 0.9));
  return blob && new File([blob], `${kind}.${kind === "screen" ? "png" : "jpg"}`, { type });
}
