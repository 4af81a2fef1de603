/** So many seconds without anything heard are a drop. The service sends sound fifty times a second, silence too. */
const SILENT_SECONDS = 4;

/** What WebRTC has counted, as far as sound goes. */
export function soundReceived(report: RTCStatsReport): number {
  let packets = 0;
  report.forEach((entry: { type: string; kind?: string; packetsReceived?: number }) => {
    if (entry.type === 'inbound-rtp' && entry.kind === 'audio') packets += entry.packetsReceived ?? 0;
  });
  return packets;
}

/** Listens whether anything still arrives, once a second, and says when nothing does. */
export class Heartbeat {
  private readonly timer: ReturnType<typeof setInterval>;
  private last = -1;
  private silent = 0;

  constructor(
    /** `null` where there is no connection any more, as the Chime client gives it. */
    private readonly stats: () => Promise<RTCStatsReport | undefined> | null,
    private readonly onSilence: () => void,
    /** Whether sound is certain to arrive: else its absence counts only once some has been heard. */
    private readonly expectsSound = true,
  ) {
    // Seconds are counted by their ticks: a page that was asleep has heard nothing, and that is no drop.
    this.timer = setInterval(() => void this.beat(), 1000);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async beat(): Promise<void> {
    const report = await this.stats()?.catch(() => undefined);
    const now = report ? soundReceived(report) : this.last;
    const alive = now > this.last || (report !== undefined && !this.expectsSound && now <= 0);
    this.silent = alive ? 0 : this.silent + 1;
    this.last = now;
    if (this.silent >= SILENT_SECONDS) {
      this.stop();
      this.onSilence();
    }
  }
}
