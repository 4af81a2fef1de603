import { type ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Media } from '../../../shared/api/types';
import type { CallViewProps } from '../../../shared/call/view';
import { t } from '../../../shared/i18n/texts';
import { Button, Notice, Spinner } from '../../../shared/view/controls';
import { type Calling, hangUp } from '../calling';
import { contacts, panel } from './contacts';

type Pictures = { kind: 'none' } | { kind: 'asking' } | { kind: 'here'; media: Media } | { kind: 'failed' };

interface StageProps {
  current: Calling;
  View: ComponentType<CallViewProps>;
  practice: { name: string; supportPhone?: string };
  nameOf: (participantId: string) => string | undefined;
}

/** A call by Amazon Connect: the pictures are here, the sound is in the panel. */
export function ContactStage({ current, View, practice, nameOf }: StageProps) {
  const contact = contacts.value.find(({ id }) => id === current.contactId);
  const [pictures, set] = useState<Pictures>({ kind: 'none' });
  const taken = contact?.standing === 'taken';
  const withVideo = current.visit.modality === 'video' && (contact?.withVideo ?? false);
  const ask = () => {
    const { contactId } = current;
    if (!contactId) return;
    set({ kind: 'asking' });
    void panel.value?.media(contactId).then((media) => set({ kind: 'here', media }), () => set({ kind: 'failed' }));
  };
  useEffect(() => {
    // The panel may tell of the same contact again: whoever is in its call would be taken out and in again.
    if (taken && withVideo && (pictures.kind === 'none' || pictures.kind === 'failed')) ask();
  }, [taken, withVideo]);
  if (!current.contactId) return <Notice>{t(panel.value ? 'desk-call-rings' : 'desk-call-connect')}</Notice>;
  if (!taken || pictures.kind === 'asking' || (withVideo && pictures.kind === 'none')) {
    return (
      <p role="status">
        <Spinner /> {t('desk-contact-connecting')}
      </p>
    );
  }
  return (
    <>
      <Notice>{t(withVideo ? 'desk-contact-sound' : 'desk-contact-sound-only')}</Notice>
      {pictures.kind === 'failed' && (
        <Notice kind="bad">
          <p>{t('desk-contact-no-pictures')}</p>
          <div>
            <Button name="pictures-again" onPress={ask}>
              {t('desk-again')}
            </Button>
          </div>
        </Notice>
      )}
      {pictures.kind === 'here' && (
        <div class="desk-call">
          <View
            isPart
            visit={current.place}
            media={pictures.media}
            devices={current.devices}
            withCamera
            withSound={false}
            practice={practice}
            nameOf={nameOf}
            onLeave={hangUp}
          />
        </div>
      )}
    </>
  );
}
