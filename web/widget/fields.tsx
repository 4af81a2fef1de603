import type { ComponentChildren, JSX } from 'preact';
import type { Say } from './texts';

interface About {
  readonly name: string;
  readonly label: string;
  readonly say: Say;
  readonly hint?: string | undefined;
  readonly wrong?: string | undefined;
  readonly optional?: boolean;
}

const described = ({ name, hint, wrong }: About): string | undefined =>
  [hint && `${name}-hint`, wrong && `${name}-wrong`].filter(Boolean).join(' ') || undefined;

function Frame(props: About & { readonly children: ComponentChildren }) {
  const { name, label, say, hint, wrong, optional, children } = props;
  return (
    <div class="field" part="field">
      <label for={name}>{label}{optional && <span class="quiet"> {say('optional')}</span>}</label>
      {hint && <p class="quiet" id={`${name}-hint`}>{hint}</p>}
      {children}
      {wrong && <p class="wrong" id={`${name}-wrong`}>{wrong}</p>}
    </div>
  );
}

type Input = About & { readonly value: string; readonly onValue: (value: string) => void };

/** One line of text. */
export function Line(props: Input & { readonly attributes?: JSX.IntrinsicElements['input'] }) {
  const { name, value, onValue, wrong, optional, attributes } = props;
  return (
    <Frame {...props}>
      <input id={name} name={name} part="input" type="text" dir="auto" {...attributes} value={value} required={!optional}
        aria-invalid={wrong ? 'true' : undefined} aria-describedby={described(props)}
        onInput={(event) => onValue(event.currentTarget.value)} />
    </Frame>
  );
}

/** Several lines of text. */
export function Lines(props: Input & { readonly most: number }) {
  const { name, value, onValue, wrong, most } = props;
  return (
    <Frame {...props}>
      <textarea id={name} name={name} part="input" rows={3} dir="auto" maxLength={most} value={value}
        aria-invalid={wrong ? 'true' : undefined} aria-describedby={described(props)}
        onInput={(event) => onValue(event.currentTarget.value)} />
    </Frame>
  );
}

type Choices = readonly (readonly [value: string, label: string])[];

/** One of several. */
export function Choice(props: Input & { readonly choices: Choices; readonly first?: string; readonly autocomplete?: string }) {
  const { name, value, onValue, wrong, choices, first, autocomplete } = props;
  return (
    <Frame {...props}>
      <select id={name} name={name} part="input" required autocomplete={autocomplete ?? 'off'} value={value}
        aria-invalid={wrong ? 'true' : undefined} aria-describedby={described(props)}
        onChange={(event) => onValue(event.currentTarget.value)}>
        {first && <option value="">{first}</option>}
        {choices.map(([code, label]) => <option key={code} value={code} selected={code === value}>{label}</option>)}
      </select>
    </Frame>
  );
}

interface BoxProps {
  readonly name: string;
  readonly checked: boolean;
  readonly wrong?: string | undefined;
  readonly onChecked: (checked: boolean) => void;
  readonly children: ComponentChildren;
}

/** A box to tick. */
export function Box({ name, checked, wrong, onChecked, children }: BoxProps) {
  return (
    <div class="field" part="field">
      <label class="box">
        <input id={name} name={name} type="checkbox" checked={checked} required aria-invalid={wrong ? 'true' : undefined}
          aria-describedby={wrong ? `${name}-wrong` : undefined} onChange={(event) => onChecked(event.currentTarget.checked)} />
        <span>{children}</span>
      </label>
      {wrong && <p class="wrong" id={`${name}-wrong`}>{wrong}</p>}
    </div>
  );
}
