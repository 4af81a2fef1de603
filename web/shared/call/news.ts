import { signal, useSignalEffect } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { t } from '../i18n/texts';
import { announce } from '../view/announce';
import type { Media } from '../api/types';
import type { InVisit } from '../visit/in-visit';
import type { Call, CallState } from './call';

/** For so long a newcomer waits for a name before they are told of without one. */
const NAMELESS_MS = 3000;

/** Whether each attendee is a person. By Amazon Connect an agent's sound and picture are two, under names of Connect's own. */
export const apart = (media: Media): boolean => media.provider !== 'connect';

interface News {
  visit: InVisit;
  media: Media;
  nameOf: (participantId: string) => string | undefined;
}

/** Reads out how the call stands, and who comes and goes. */
export function useNews(call: Call, { visit, media, nameOf }: News): void {
  const stood = useRef<CallState['kind']>('connecting');
  useSignalEffect(() => {
    const { kind } = call.state.value;
    if (kind === stood.current) return;
    stood.current = kind;
    announce(t(`call-${kind}`), kind === 'connected' ? 'politely' : 'at once');
  });

  const told = useRef(new Map<string, boolean>());
  const expected = useRef(new Set<string>());
  const nameless = useMemo(() => signal<ReadonlySet<string>>(new Set()), []);
  useSignalEffect(() => {
    const here = apart(media) ? call.people.value : call.people.value.slice(0, 1);
    const now = new Map(here.map((person) => [apart(media) ? person.externalUserId : '', person.dropped]));
    const before = told.current;
    told.current = new Map();
    for (const [id, dropped] of now) {
      const name = nameOf(id) ?? (nameless.value.has(id) ? t('call-somebody') : undefined);
      if (name === undefined && !before.has(id)) {
        // Who has just been let in is known to the API, and not yet here.
        if (!expected.current.has(id)) {
          expected.current.add(id);
          visit.askSoon();
          setTimeout(() => (nameless.value = new Set([...nameless.peek(), id])), NAMELESS_MS);
        }
        continue;
      }
      if (!before.has(id)) announce(t('call-came', { name: name ?? t('call-somebody') }));
      else if (dropped && !before.get(id)) announce(t('call-dropped', { name: name ?? t('call-somebody') }));
      told.current.set(id, dropped);
    }
    for (const id of before.keys()) if (!now.has(id)) announce(t('call-went', { name: nameOf(id) ?? t('call-somebody') }));
  });
}
