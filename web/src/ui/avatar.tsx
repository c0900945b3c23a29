// Faces without pictures: made from a name, the same each time. A person is a disc with initials; a colleague (a
// program at work) is a rounded square with a wave whose shape and colour come from its name; the kernel is the mark of Hum.

import { hueOf, toInitials, toWave } from "./face.ts";

interface AvatarProps {
  name: string;
  kind: "person" | "entity" | "kernel";
  size?: number;
  /** A small light: at work, waits for a person, or none. */
  light?: "working" | "waiting" | undefined;
}

/** The face of an author. Says nothing to a screen reader: the name stands beside it. */
export function Avatar({ name, kind, size = 34, light }: AvatarProps) {
  const hue = hueOf(name);
  return (
    <span className="avatar" aria-hidden="true">
      <svg width={size} height={size} viewBox="0 0 36 36" aria-hidden="true" focusable="false">
        {kind === "person" && (
          <>
            <circle cx="18" cy="18" r="18" fill={`hsl(${hue} 32% 38%)`} />
            <text
              x="18"
              y="18"
              fill="#fff"
              fontSize="14"
              fontWeight="600"
              textAnchor="middle"
              dominantBaseline="central"
            >
              {toInitials(name)}
            </text>
          </>
        )}
        {kind === "entity" && (
          <>
            <rect width="36" height="36" rx="11" fill={`hsl(${hue} 38% 88%)`} />
            <path
              d={toWave(name)}
              fill="none"
              stroke={`hsl(${hue} 45% 32%)`}
              strokeWidth="2.4"
              strokeLinecap="round"
              strokeLinejoin="round"
            />
          </>
        )}
        {kind === "kernel" && (
          <>
            <rect width="36" height="36" rx="11" className="avatar-kernel" />
            <path
              d="M8 18c2.4-7 4.8-7 6.7 0s4.3 7 6.7 0 4.3-7 6.7 0"
              fill="none"
              stroke="#fff"
              strokeWidth="2.4"
              strokeLinecap="round"
            />
          </>
        )}
      </svg>
      {light && <span className={`avatar-light avatar-light-${light}`} />}
    </span>
  );
}
