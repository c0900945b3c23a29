// A dialog over the page, and the question before something that cannot be taken back. Their code is loaded when the first
// one is opened; a dialog that was never open is nothing.

import { type ReactNode, type RefObject, Suspense, useRef } from "react";
import { lazily } from "./load.ts";

const Box = lazily(() => import("./dialog-box.tsx"), "DialogBox");
const Question = lazily(() => import("./dialog-box.tsx"), "ConfirmBox");

/** What a dialog is given. */
export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  about?: string;
  wide?: boolean;
  /** Without a head and without space around: the title is only heard. */
  bare?: boolean;
  /** What has the focus first; else the first control. */
  first?: RefObject<HTMLElement | null>;
  children: ReactNode;
}

/** What a question is given. */
export interface ConfirmProps {
  open: boolean;
  title: string;
  about: string;
  yes: string;
  danger?: boolean;
  onYes: () => Promise<unknown> | unknown;
  onClose: () => void;
}

// Once open it stays, so that it can go as it came.
function useEver(open: boolean): boolean {
  const ever = useRef(open);
  ever.current ||= open;
  return ever.current;
}

/** A dialog. Esc and a click beside it close it; the focus goes back to where it was. */
export function Dialog(props: DialogProps) {
  return useEver(props.open) ? (
    <Suspense fallback={null}>
      <Box {...props} />
    </Suspense>
  ) : null;
}

/** Asks before an action. Closes when it is done; stays when it failed (the toast says why). */
export function Confirm(props: ConfirmProps) {
  return useEver(props.open) ? (
    <Suspense fallback={null}>
      <Question {...props} />
    </Suspense>
  ) : null;
}
