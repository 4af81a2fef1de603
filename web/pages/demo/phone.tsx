import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field, Notice, readable } from '../../shared/view/controls';
import { clock, look, messages } from './demo';
import { type Message, local } from './local';

const everyone = '';
const number = signal(everyone);

/** What somebody texted back from here, and what was understood. The laptop keeps none of it. */
interface Reply {
  id: string;
  from: string;
  text: string;
  at: string;
  heard: string;
}
const replies = signal<Reply[]>([]);

/** What the function that hears replies says, in words. */
const HEARD: Record<string, string> = {
  stopped: 'understood: no more texts to this number',
  started: 'understood: texts again',
  helped: 'understood: asks for help',
  before: 'heard before',
  nothing: 'not understood: nobody reads replies',
};

/** The texts of a phone, or of all, the newest first. */
export function Phone() {
  const texts = messages.value.filter(({ channel }) => channel === 'sms');
  const numbers = [...new Set(texts.map(({ to }) => to))];
  const mine = (owner: string) => number.value === everyone || owner === number.value;
  const shown = [
    ...texts.filter(({ to }) => mine(to)).map((text) => ({ at: text.at, node: <Text key={text.id} message={text} /> })),
    ...replies.value.filter(({ from }) => mine(from)).map((reply) => ({ at: reply.at, node: <Replied key={reply.id} reply={reply} /> })),
  ].sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  const owner = number.value === everyone ? texts[0]?.to : number.value;
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
        {shown.map(({ node }) => node)}
      </ol>
      {owner && <ReplyForm owner={owner} />}
    </section>
  );
}

function Text({ message }: { message: Message }) {
  return (
    <li data-text={message.id}>
      <p class="demo-when">
        to {readable(message.to)}, <Moment at={message.at} />
      </p>
      <p class="demo-bubble" dir="auto">
        {linked(message)}
      </p>
    </li>
  );
}

function Replied({ reply }: { reply: Reply }) {
  return (
    <li class="demo-mine" data-heard={reply.heard}>
      <p class="demo-when">
        from {readable(reply.from)}, <Moment at={reply.at} />
      </p>
      <p class="demo-bubble" dir="auto">
        {reply.text}
      </p>
      <p class="demo-when">{HEARD[reply.heard] ?? reply.heard}</p>
    </li>
  );
}

/** Texts back, as whoever has the phone could. */
function ReplyForm({ owner }: { owner: string }) {
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const send = async () => {
    const text = typed.trim();
    if (!text || busy) return;
    setBusy(true);
    try {
      const heard = await local.reply(owner, text);
      replies.value = [{ id: crypto.randomUUID(), from: owner, text, at: clock.value || new Date().toISOString(), heard }, ...replies.value];
      setTyped('');
      setWrong(null);
      await look();
    } catch {
      setWrong('The laptop did not take the reply.');
    }
    setBusy(false);
  };
  return (
    <form
      noValidate
      class="demo-reply"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Field label={`Reply from ${readable(owner)}`} hint="STOP, START and HELP are understood." name="reply" autoComplete="off" maxLength={160} value={typed} onText={setTyped} />
      {wrong && <Notice kind="bad">{wrong}</Notice>}
      <Button type="submit" busy={busy} onPress={() => undefined} name="reply">
        Send
      </Button>
    </form>
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
