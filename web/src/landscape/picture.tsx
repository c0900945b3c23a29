// The landscape on a page. It is painted again when its facts, its light (every ten minutes) or its shape change. The four
// sheets lie on each other, so that a cloud or a bird that moves does not make the land be painted again.
//
// Motion is a guest: it begins when something happens or when you touch the page, and after a while everything stands
// still and costs nothing. A hidden page, the wish for less motion, and a stopped machine have none.

import {
  type CSSProperties,
  createElement,
  type ReactElement,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { toMoment } from "../../../os/src/device/canvas/paint/light.ts";
import { type Facts, type Picture, paint } from "../../../os/src/device/canvas/paint/paint.ts";
import type { Shape } from "../../../os/src/device/canvas/paint/shape.ts";
import "./landscape.css";

const repaintMs = 10 * 60_000;
const motionMs = 20_000;

const names: Record<string, string> = { class: "className" };

function toProps(attrs: Shape["attrs"], key: number): Record<string, unknown> {
  const props: Record<string, unknown> = { key };
  for (const name in attrs) {
    const value = attrs[name];
    if (name === "data-delay") props.style = { animationDelay: `-${value}s` } satisfies CSSProperties;
    else props[names[name] ?? name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())] = value;
  }
  return props;
}

function draw(shape: Shape, key: number): ReactElement {
  return createElement(shape.tag, toProps(shape.attrs, key), ...shape.kids.map(draw));
}

function Sheet({ picture, shapes, name }: { picture: Picture; shapes: Shape[]; name: string }) {
  const drawn = useMemo(() => shapes.map(draw), [shapes]);
  return (
    <svg
      className={`landscape-sheet landscape-${name}`}
      viewBox={`0 0 ${picture.width} ${picture.height}`}
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
      focusable="false"
    >
      {drawn}
    </svg>
  );
}

/** True for a while after something happened or somebody touched the page, and never while it is hidden. */
function useMotion(cause: unknown): boolean {
  const [moving, setMoving] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new cause wakes the motion again
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wake = () => {
      clearTimeout(timer);
      if (document.hidden) return setMoving(false);
      setMoving(true);
      timer = setTimeout(() => setMoving(false), motionMs);
    };
    wake();
    const events = ["pointerdown", "keydown", "wheel", "visibilitychange"] as const;
    for (const event of events) document.addEventListener(event, wake, { passive: true });
    return () => {
      clearTimeout(timer);
      for (const event of events) document.removeEventListener(event, wake);
    };
  }, [cause]);
  return moving;
}

/** The moment of now, which moves on every ten minutes while the page is seen. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const look = () => {
      if (!document.hidden) setNow(Date.now());
    };
    const timer = setInterval(look, repaintMs);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return Math.floor(now / repaintMs) * repaintMs;
}

/** Time zones whose seasons are those of the south. */
const southern =
  /^(Australia|Antarctica|Pacific\/(Auckland|Fiji|Tongatapu)|America\/(Argentina|Buenos_Aires|Sao_Paulo|Santiago|Montevideo|Asuncion|La_Paz)|Africa\/(Johannesburg|Harare|Maputo|Windhoek|Gaborone))/;

interface LandscapeProps {
  seed: string;
  theme: "light" | "dark";
  facts: Facts;
  /** One plain sentence for those who do not see it. */
  label: string;
  /** A fixed moment instead of now, in milliseconds since 1970. */
  at?: number;
  /** Nothing moves, and what happens is painted later: something else needs this machine at once. */
  still?: boolean;
}

/** The picture; it fills the box around it. */
export function Landscape({ seed, theme, facts: latest, label, at, still = false }: LandscapeProps) {
  const held = useRef(latest);
  if (!still) held.current = latest;
  const facts = held.current;
  const box = useRef<HTMLDivElement>(null);
  const [aspect, setAspect] = useState<number | null>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      if (height > 0) setAspect(Math.round((width / height) * 5) / 5);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const now = useNow();
  const moment = at ?? now;
  const key = JSON.stringify(facts);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the facts
  const picture = useMemo(() => {
    if (aspect === null) return null;
    const south = southern.test(Intl.DateTimeFormat().resolvedOptions().timeZone);
    return paint({ seed, theme, aspect, facts, moment: toMoment(new Date(moment), south) });
  }, [seed, theme, aspect, key, moment]);
  const moving = useMotion(key) && !latest.halted && !still;
  return (
    <div ref={box} className="landscape" data-moving={moving} role="img" aria-label={label}>
      {picture && (
        <>
          <svg className="landscape-defs" aria-hidden="true" focusable="false">
            <defs>{picture.defs.map(draw)}</defs>
          </svg>
          <Sheet picture={picture} shapes={picture.sky} name="sky" />
          <Sheet picture={picture} shapes={picture.clouds} name="clouds" />
          <Sheet picture={picture} shapes={picture.land} name="land" />
          <Sheet picture={picture} shapes={picture.air} name="air" />
        </>
      )}
    </div>
  );
}
