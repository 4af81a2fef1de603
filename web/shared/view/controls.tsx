import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../i18n/texts';

interface ButtonProps {
  kind?: 'primary' | 'danger' | 'quiet';
  /** Something is under way: further presses do nothing, and the button says so. */
  busy?: boolean;
  onPress: () => void;
  children: ComponentChildren;
  type?: 'button' | 'submit';
  name?: string;
}

/** A button. While busy it keeps the focus, which a disabled one would lose. */
export function Button({ kind, busy, onPress, children, type, name }: ButtonProps) {
  return (
    <button
      type={type ?? 'button'}
      class={`button ${kind ?? ''}`}
      aria-disabled={busy ? 'true' : undefined}
      data-name={name}
      onClick={(event) => {
        if (type !== 'submit') event.preventDefault();
        if (!busy) onPress();
      }}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

/** Something is under way. What it is stands beside it in words. */
export function Spinner() {
  return <span class="spinner" aria-hidden="true" />;
}

/** A remark in a colour that its kind has everywhere. */
export function Notice({ kind, children }: { kind?: 'warn' | 'bad' | 'good'; children: ComponentChildren }) {
  return <div class={`notice ${kind ?? ''}`}>{children}</div>;
}

interface FieldProps {
  label: string;
  value: string;
  onText: (text: string) => void;
  /** Stays the field's own, so that a page can find it. */
  name: string;
  type?: 'text' | 'tel' | 'email';
  inputMode?: 'numeric' | 'text' | 'tel' | 'email';
  autoComplete?: string;
  maxLength?: number;
  required?: boolean;
  hint?: string | undefined;
  /** What is wrong with what was typed; absent when nothing is. */
  wrong?: string | undefined;
}

/** A labelled input with its hint and its error, tied together for screen readers. */
export function Field({ label, hint, wrong, onText, type, required, ...input }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      <input
        {...input}
        id={id}
        type={(type ?? 'text') as 'text'}
        class="input"
        required={required ?? false}
        aria-invalid={wrong ? 'true' : 'false'}
        {...(described ? { 'aria-describedby': described } : {})}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      {wrong && (
        <span class="wrong" id={`${id}-wrong`}>
          {wrong}
        </span>
      )}
    </div>
  );
}

/** The practice's telephone, to press. */
export function PhoneLink({ phone, button }: { phone: string; button?: boolean }) {
  return (
    <a class={button ? 'button' : undefined} href={`tel:${phone}`}>
      {t('call-practice', { phone: readable(phone) })}
    </a>
  );
}

/** A number as people of its country write it, as far as that is sure. */
export function readable(phone: string): string {
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  // Left to right also within Arabic, and not broken at its space or its hyphen.
  return `\u2066${american ? `(${american[1]})\u00a0${american[2]}\u2060-\u2060${american[3]}` : phone}\u2069`;
}
