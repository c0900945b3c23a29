// Fields of a form. Each has a visible label, an optional hint and an optional error, joined to the control for screen
// readers. Native controls, so that phones and languages bring their own.

import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "./cx.ts";

interface FieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | null | undefined;
  /** Hides the label from the eye, not from the ear. */
  hideLabel?: boolean;
}

function Field({
  id,
  label,
  hint,
  error,
  hideLabel,
  children,
}: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id} className={cx("field-label", hideLabel && "visually-hidden")}>
        {label}
      </label>
      {children}
      {error ? (
        <p id={`${id}-about`} className="field-error" role="alert">
          {error}
        </p>
      ) : (
        hint && (
          <p id={`${id}-about`} className="field-hint">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

const toAbout = (id: string, { hint, error }: FieldProps) => ({
  "aria-describedby": hint || error ? `${id}-about` : undefined,
  "aria-invalid": error ? true : undefined,
});

/** One line of text. */
export function TextField({ label, hint, error, hideLabel, ...rest }: FieldProps & ComponentProps<"input">) {
  const id = useId();
  const field = { label, hint, error, hideLabel: hideLabel ?? false };
  return (
    <Field id={id} {...field}>
      <input id={id} type="text" autoComplete="off" {...rest} {...toAbout(id, field)} className="input" />
    </Field>
  );
}

/** Several lines of text. */
export function TextArea({
  label,
  hint,
  error,
  hideLabel,
  ...rest
}: FieldProps & ComponentProps<"textarea">) {
  const id = useId();
  const field = { label, hint, error, hideLabel: hideLabel ?? false };
  return (
    <Field id={id} {...field}>
      <textarea
        id={id}
        rows={4}
        {...rest}
        {...toAbout(id, field)}
        className={cx("input input-area", rest.className)}
      />
    </Field>
  );
}

interface SelectProps extends FieldProps, Omit<ComponentProps<"select">, "onChange"> {
  options: { value: string; label: string; disabled?: boolean }[];
  onChange: (value: string) => void;
}

/** A choice of one. */
export function Select({ label, hint, error, hideLabel, options, onChange, ...rest }: SelectProps) {
  const id = useId();
  const field = { label, hint, error, hideLabel: hideLabel ?? false };
  return (
    <Field id={id} {...field}>
      <select
        id={id}
        {...rest}
        {...toAbout(id, field)}
        className="input select"
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}

interface SwitchProps {
  label: string;
  hint?: string;
  checked: boolean;
  disabled?: boolean;
  hideLabel?: boolean;
  onChange: (checked: boolean) => void;
}

/** On or off, at once. */
export function Switch({ label, hint, checked, disabled, hideLabel, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div className="switch-row">
      <input
        id={id}
        type="checkbox"
        role="switch"
        className="switch"
        checked={checked}
        aria-checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-about` : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div>
        <label htmlFor={id} className={cx("switch-label", hideLabel && "visually-hidden")}>
          {label}
        </label>
        {hint && (
          <p id={`${id}-about`} className="field-hint">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
