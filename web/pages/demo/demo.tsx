import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Notice } from '../../shared/view/controls';
import { Controls } from './controls';
import { type Fault, type Message, local } from './local';
import { Mailbox } from './mailbox';
import { Phone } from './phone';

export const messages = signal<Message[]>([]);
export const clock = signal('');
export const faults = signal<Fault[]>([]);
const trouble = signal<string | null>(null);

/** A text is to be there as soon as it would be on a phone. */
const LOOK_MS = 1000;

/** Looks at everything that changes. */
export async function look(): Promise<void> {
  try {
    const [sent, now, failing] = await Promise.all([local.messages(), local.now(), local.faults()]);
    // The same messages must not be drawn again: somebody may be about to press a link.
    if (sent[0]?.id !== messages.value[0]?.id || sent.length !== messages.value.length) messages.value = sent;
    clock.value = now;
    faults.value = failing;
    trouble.value = null;
  } catch {
    trouble.value = 'The laptop does not answer. Start it with ./dev up; this page goes on by itself.';
  }
}

/** Phone, mailbox and controls of the laptop. */
export function Demo() {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let stopped = false;
    const again = () => void look().then(() => (stopped ? undefined : (timer = setTimeout(again, LOOK_MS))));
    again();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, []);
  return (
    <div class="page wide demo">
      <header>
        <h1>A practice on this laptop</h1>
        <p class="soft">Nothing leaves this machine: what would be sent shows here.</p>
      </header>
      <main>
        {trouble.value && <Notice kind="bad">{trouble.value}</Notice>}
        <div class="demo-columns">
          <Phone />
          <Mailbox />
          <Controls />
        </div>
      </main>
    </div>
  );
}
