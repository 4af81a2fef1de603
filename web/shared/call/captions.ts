import { signal } from '@preact/signals';
import { type TranscriptEvent, type TranscriptResult, TranscriptionStatusType } from 'amazon-chime-sdk-js';

/** What somebody says, as the provider writes it down: it grows and changes until it is whole. */
export interface Caption {
  id: string;
  /** The participant's id of whoever speaks; none where the provider cannot tell. */
  externalUserId: string | undefined;
  words: string;
}

/** More would cover the picture. */
const LINES = 3;
/** For so long a caption stands after it was whole. */
const STANDS_MS = 8000;

/** Captions of a call, where the practice has the provider write down what is said. */
export class Captions {
  /** Whether there are any to be shown. */
  readonly offered = signal(false);
  /** Whether this person wants to see them. */
  readonly wanted = signal(true);
  readonly lines = signal<Caption[]>([]);
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();

  hear(event: TranscriptEvent): void {
    if ('results' in event) {
      this.offered.value = true;
      for (const result of event.results) this.put(result);
    } else {
      this.offered.value = event.type !== TranscriptionStatusType.STOPPED && event.type !== TranscriptionStatusType.FAILED;
      if (!this.offered.value) this.lines.value = [];
    }
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.lines.value = [];
  }

  private put({ resultId, isPartial, alternatives }: TranscriptResult): void {
    const [best] = alternatives;
    if (!best?.transcript) return;
    const line: Caption = { id: resultId, externalUserId: best.items[0]?.attendee.externalUserId, words: best.transcript };
    const stands = this.lines.value.some(({ id }) => id === resultId);
    const lines = stands ? this.lines.value.map((old) => (old.id === resultId ? line : old)) : [...this.lines.value, line];
    this.lines.value = lines.slice(-LINES);
    if (isPartial) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.lines.value = this.lines.value.filter(({ id }) => id !== resultId);
    }, STANDS_MS);
    this.timers.add(timer);
  }
}
