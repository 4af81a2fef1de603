import type { Media } from '../../../shared/api/types';

/** What the panel gives for the pictures of a contact, by the names of its API. */
export interface Transport {
  meeting: { meetingId: string; mediaPlacement: Record<string, string | null> } & Record<string, unknown>;
  attendee: { attendeeId: string; joinToken: string } & Record<string, unknown>;
}

/** What the call needs. What else is named there is for telling the service how the call goes. */
const NEEDED = ['audioHostUrl', 'audioFallbackUrl', 'signalingUrl', 'turnControlUrl'];

const large = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);

/** The same in the form in which the API gives media: names of the service begin with a large letter. */
export function mediaOf({ meeting, attendee }: Transport): Media {
  const placement = NEEDED.flatMap((name) => {
    const value = meeting.mediaPlacement[name];
    return value ? [[large(name), value] as const] : [];
  });
  return {
    provider: 'connect',
    // Epochs are of our own record; at the panel each contact is a call of its own.
    epoch: 0,
    meeting: { MeetingId: meeting.meetingId, MediaPlacement: Object.fromEntries(placement) },
    attendee: { AttendeeId: attendee.attendeeId, JoinToken: attendee.joinToken, ExternalUserId: attendee.attendeeId },
  };
}
