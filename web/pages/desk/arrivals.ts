import type { Participant } from './types';

/** One coming into the waiting room: whoever comes again, comes anew. */
const arrival = ({ participantId, since }: Participant): string => `${participantId} ${since}`;

/** Who waits, the longest first. */
export const waitingOf = (people: readonly Participant[]): Participant[] => people.filter(({ status }) => status === 'WAITING');

/** Notices each arrival once, in any visit. */
export class Arrivals {
  private readonly seen = new Set<string>();

  /** Those who have come since the last look. */
  look(people: readonly Participant[]): Participant[] {
    const news = waitingOf(people).filter((person) => !this.seen.has(arrival(person)));
    for (const person of news) this.seen.add(arrival(person));
    return news;
  }
}
