// Files that are dropped anywhere on a conversation go to its composer.

import { type RefObject, useEffect, useRef, useState } from "react";

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** Whether files are held over the conversation that `inside` stands in; `onFiles` gets those that are let go there. */
export function useDropped(
  inside: RefObject<HTMLElement | null>,
  onFiles: (files: readonly File[]) => void,
): boolean {
  const [over, setOver] = useState(false);
  const take = useRef(onFiles);
  take.current = onFiles;
  useEffect(() => {
    const place = inside.current?.closest<HTMLElement>("[data-place]");
    if (!place) return;
    const onOver = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent) => {
      if (!place.contains(event.relatedTarget as Node | null)) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      take.current([...(event.dataTransfer?.files ?? [])]);
    };
    place.addEventListener("dragover", onOver);
    place.addEventListener("dragleave", onLeave);
    place.addEventListener("drop", onDrop);
    return () => {
      place.removeEventListener("dragover", onOver);
      place.removeEventListener("dragleave", onLeave);
      place.removeEventListener("drop", onDrop);
    };
  }, [inside]);
  return over;
}
