// Keys as they stand on the keyboard; `mod` is Command on a Mac and Ctrl elsewhere.

const mac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** Keys joined by +, for example `mod+k`. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="kbd-row">
      {keys.split("+").map((key) => (
        <kbd key={key} className="kbd">
          {toShown(key)}
        </kbd>
      ))}
    </span>
  );
}

/** A key as it is shown. */
export function toShown(key: string): string {
  if (key === "mod") return mac ? "⌘" : "Ctrl";
  if (key === "shift") return mac ? "⇧" : "Shift";
  if (key === "alt") return mac ? "⌥" : "Alt";
  if (key === "enter") return "↵";
  if (key === "esc") return "Esc";
  return key.length === 1 ? key.toUpperCase() : key;
}
