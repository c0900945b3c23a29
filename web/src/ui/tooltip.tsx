// A tooltip: what a control does, and its keys. It only repeats the label, so nothing is lost without it.

import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement } from "react";
import { Kbd } from "./kbd.tsx";

/** Shows `text` when the child is hovered or has the focus. The child must take a ref. */
export function Tooltip({ text, keys, children }: { text: string; keys?: string; children: ReactElement }) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} className="popup-place">
          <Base.Popup className="tooltip">
            {text}
            {keys && <Kbd keys={keys} />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Once around the page: tooltips that follow each other open at once. */
export const TooltipProvider = Base.Provider;
