// A plain text area with line numbers beside it that scroll along. Tab leaves it as everywhere; there is nothing to learn.

import { useRef } from "react";

interface EditorProps {
  value: string;
  label: string;
  readOnly?: boolean;
  describedBy?: string;
  onChange: (text: string) => void;
  onSave?: () => void;
}

/** The editor; ctrl-s saves. */
export function LineEditor({ value, label, readOnly, describedBy, onChange, onSave }: EditorProps) {
  const numbers = useRef<HTMLPreElement>(null);
  const count = value.split("\n").length;
  return (
    <div className="ctl-editor">
      <pre ref={numbers} className="ctl-editor-numbers" aria-hidden="true">
        {Array.from({ length: count }, (_, index) => index + 1).join("\n")}
      </pre>
      <textarea
        className="ctl-editor-text"
        value={value}
        aria-label={label}
        aria-describedby={describedBy}
        readOnly={readOnly}
        spellCheck={false}
        wrap="off"
        onChange={(event) => onChange(event.target.value)}
        onScroll={(event) => {
          if (numbers.current) numbers.current.scrollTop = event.currentTarget.scrollTop;
        }}
        onKeyDown={(event) => {
          if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          onSave?.();
        }}
      />
    </div>
  );
}
