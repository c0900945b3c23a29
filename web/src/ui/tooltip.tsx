// A tooltip: what a control does, and its keys. It only repeats the label, so nothing is lost without it, and it says
// nothing to a screen reader.
//
// One element shows all of them: a control carries its text in an attribute, and the page listens once. A library's
// tooltip is a component around each control and, with its positioning, a fifth of the first load of the page.

import {
  cloneElement,
  type ReactElement,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { Kbd } from "./kbd.tsx";

interface Tip {
  text: string;
  keys: string | undefined;
  of: HTMLElement;
}

/** Time over a control before it shows; at once when another has just been shown. */
const waitMs = 450;
const warmMs = 500;
/** Space to the control, and to the edges of the page. */
const gap = 6;
const edge = 8;

/** Shows `text` when the child is hovered or has the focus. */
export function Tooltip({ text, keys, children }: { text: string; keys?: string; children: ReactElement }) {
  return cloneElement(children as ReactElement<Record<string, unknown>>, {
    "data-tip": text,
    "data-tip-keys": keys,
  });
}

/** Once around the page. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <>
      {children}
      <Tips />
    </>
  );
}

function Tips() {
  const tip = useTip();
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!tip || !box.current) return;
    const { style, offsetWidth, offsetHeight } = box.current;
    const place = tip.of.getBoundingClientRect();
    const above = place.top - offsetHeight - gap;
    const left = place.left + place.width / 2 - offsetWidth / 2;
    style.left = `${Math.max(edge, Math.min(left, innerWidth - offsetWidth - edge))}px`;
    style.top = `${above >= edge ? above : place.bottom + gap}px`;
  }, [tip]);
  if (!tip) return null;
  return (
    <div ref={box} className="tooltip" aria-hidden="true">
      {tip.text}
      {tip.keys && <Kbd keys={tip.keys} />}
    </div>
  );
}

const controlOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>("[data-tip]") : null;

// Which one is shown: the control below the mouse, or the one that the keyboard came to.
function useTip(): Tip | null {
  const [tip, setTip] = useState<Tip | null>(null);
  useEffect(() => {
    let at: HTMLElement | null = null;
    let shown = false;
    let hiddenAt = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hide = () => {
      clearTimeout(timer);
      if (shown) hiddenAt = performance.now();
      at = null;
      shown = false;
      setTip(null);
    };
    const show = () => {
      if (!at?.isConnected || at.dataset.tip === undefined) return hide();
      shown = true;
      setTip({ text: at.dataset.tip, keys: at.dataset.tipKeys, of: at });
      timer = setTimeout(watch, 300);
    };
    // A control may go away below a mouse that rests.
    const watch = () => {
      if (at?.isConnected) timer = setTimeout(watch, 300);
      else hide();
    };
    const come = (control: HTMLElement | null, wait: number) => {
      if (control === at) return;
      hide();
      if (!control) return;
      at = control;
      timer = setTimeout(show, performance.now() - hiddenAt < warmMs ? 0 : wait);
    };
    const onOver = (event: PointerEvent) =>
      event.pointerType === "mouse" && come(controlOf(event.target), waitMs);
    const onFocus = (event: FocusEvent) => {
      const control = controlOf(event.target);
      if (control === event.target && control?.matches(":focus-visible")) come(control, 150);
    };
    const onPress = (event: Event) => {
      const control = at;
      hide();
      // Until the mouse has left it, a control that was pressed shows nothing.
      if (event.type === "pointerdown") at = control;
    };
    const hiding = ["pointerdown", "keydown", "wheel", "scroll", "focusout"] as const;
    document.addEventListener("pointerover", onOver);
    document.addEventListener("focusin", onFocus);
    for (const name of hiding) document.addEventListener(name, onPress, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      document.removeEventListener("pointerover", onOver);
      document.removeEventListener("focusin", onFocus);
      for (const name of hiding) document.removeEventListener(name, onPress, { capture: true });
    };
  }, []);
  return tip;
}
