// Shows text that an entity wrote with nothing hidden in it: each piece stands in an isolated element, marks are framed.

import { memo } from "react";
import { type Piece, type RevealedLine, reveal, revealLines } from "../view/reveal.ts";
import "./text.css";

/** Pieces of one line. */
export const Pieces = memo(function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  return (
    <>
      {pieces.map((piece, index) =>
        piece.kind === "text" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other identity and never move
          <bdi key={index}>{piece.text}</bdi>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <span key={index} className="ctl-mark" title={piece.code}>
            {piece.name === "TAB" ? "⇥" : piece.name}
          </span>
        ),
      )}
    </>
  );
});

/** One line of revealed text. */
export function Revealed({ text }: { text: string }) {
  return <Pieces pieces={reveal(text)} />;
}

/** A block of revealed lines with their numbers; a text of one line has no number. */
export function RevealedBlock({
  text,
  lines,
  label,
}: {
  text?: string;
  lines?: readonly RevealedLine[];
  label: string;
}) {
  const shown = lines ?? revealLines(text ?? "");
  return (
    // A group, not a landmark: a page may show many, with the same names.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    // biome-ignore lint/a11y/useSemanticElements: it is no set of fields
    <div role="group" className="ctl-block" aria-label={label} tabIndex={0}>
      {shown.map((line) => (
        <div key={line.number} className="ctl-block-line">
          {shown.length > 1 && <span className="ctl-block-number">{line.number}</span>}
          <code className="ctl-block-text">
            <Pieces pieces={line.pieces} />
          </code>
        </div>
      ))}
    </div>
  );
}
