import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { readable } from '../../shared/view/controls';
import { messages } from './demo';
import { type Message } from './local';

const everyone = '';
const number = signal(everyone);

/** The texts of a phone, or of all, the newest first. */
export function Phone() {
  const texts = messages.value.filter(({ channel }) => channel === 'sms');
  const numbers = [...new Set(texts.map(({ to }) => to))];
  const shown = texts.filter(({ to }) => number.value === everyone || to === number.value);
  return (
    <section aria-labelledby="phone">
      <h2 id="phone">Phone</h2>
      <label class="field">
        <span>Whose</span>
        <select class="input" value={number.value} onChange={(event) => (number.value = event.currentTarget.value)}>
          <option value={everyone}>All phones</option>
          {numbers.map((one) => (
            <option key={one} value={one}>
              {readable(one)}
            </option>
          ))}
        </select>
      </label>
      <ol class="demo-phone" aria-live="polite">
        {shown.length === 0 && <li class="soft">No texts yet.</li>}
        {shown.map((message) => (
          <li key={message.id} data-text={message.id}>
            <p class="demo-when">
              to {readable(message.to)}, <Moment at={message.at} />
            </p>
            <p class="demo-bubble" dir="auto">
              {linked(message)}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** A moment on this machine's clock. */
export function Moment({ at }: { at: string }) {
  const shown = new Date(at).toLocaleString('en-US', { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', second: '2-digit', timeZoneName: 'short' });
  return <time dateTime={at}>{shown}</time>;
}

/** The words with their links to press, as a phone shows them. */
function linked({ text, links }: Message): ComponentChildren[] {
  let parts: ComponentChildren[] = [text];
  for (const link of links) {
    parts = parts.flatMap((part) => (typeof part === 'string' ? around(part, link) : [part]));
  }
  return parts;
}

function around(text: string, link: string): ComponentChildren[] {
  return text.split(link).flatMap((before, index) => (index === 0 ? [before] : [<Link key={`${link} ${index}`} to={link} />, before]));
}

function Link({ to }: { to: string }) {
  return (
    <a href={to} target="_blank" rel="noopener noreferrer">
      {to}
    </a>
  );
}
