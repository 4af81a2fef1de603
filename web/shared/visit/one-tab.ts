/** A tab's word that the visit is here now. */
interface Claim {
  at: number;
  tab: string;
}

/**
 * A visit is in one tab of a browser at a time: the newest has it, and the others stand aside. Whoever presses the link again
 * wants to be where they press; two tabs at once would take the call from each other.
 */
export class OneTab {
  private readonly channel: BroadcastChannel | null;
  private readonly tab = crypto.randomUUID?.() ?? String(Math.random());
  private mine: Claim | null = null;

  /** `id` is the way into the visit, the same in each tab. */
  constructor(id: string, onTaken: () => void) {
    this.channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(`bedside ${id}`) : null;
    this.channel?.addEventListener('message', ({ data }: MessageEvent<Claim>) => {
      // Of two who say so at the same moment, one has it.
      if (this.mine && (this.mine.at > data.at || (this.mine.at === data.at && this.mine.tab > data.tab))) return this.channel?.postMessage(this.mine);
      this.mine = null;
      onTaken();
    });
  }

  /** Says that the visit is here. */
  claim(): void {
    this.mine = { at: Date.now(), tab: this.tab };
    this.channel?.postMessage(this.mine);
  }
}
