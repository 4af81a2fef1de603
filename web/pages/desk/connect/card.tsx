import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../../shared/i18n/texts';
import { announce } from '../../../shared/view/announce';
import { Button, Notice } from '../../../shared/view/controls';
import { focusIfLost } from '../../../shared/view/focus';
import { useAct } from '../act';
import { ring } from '../bell';
import { calling, hangUp, takeContact } from '../calling';
import type { Work } from '../room';
import { type Listed, isLive } from '../types';
import { selected, visits } from '../watch';
import { type Contact, contacts, panel } from './contacts';

/** So often what rings is rung again. */
const RING_MS = 4000;

interface CardProps {
  contact: Contact;
  work: Work;
}

/** The visit of today that a contact is for. */
const visitOf = ({ visitId }: Contact): Listed | undefined => visits.value?.find((visit) => visit.visitId === visitId);

/** A contact at the panel: rings and is taken, is over and is finished. */
export function ContactCard({ contact, work }: CardProps) {
  const visit = visitOf(contact);
  // Whoever wants to hang up, or to be done with it, does not wait for what was pressed before.
  const [act, end, done] = [useAct(work), useAct(work), useAct(work)];
  const wrong = act.wrong ?? end.wrong ?? done.wrong;
  const card = useRef<HTMLElement>(null);
  const here = calling.value?.contactId === contact.id;
  const name = visit ? (visit.patientName ?? visit.patientId) : '';
  const enter = () => visit && act.run(() => takeContact(work.api, visit, contact.id));
  useEffect(() => {
    // The visit is open before the call is: the clinician reads who it is and why they come.
    if (visit && contact.standing !== 'over') selected.value = visit.visitId;
  }, [visit?.visitId]);
  useRinging(contact, name);
  useEffect(() => {
    if (contact.standing === 'taken' && !here && visit && isLive(visit)) void enter();
    if (contact.standing === 'over') {
      if (here) hangUp();
      announce(t('desk-contact-over', { name }));
    }
  }, [contact.standing, visit?.visitId]);
  // The button that was pressed is gone by then.
  useLayoutEffect(() => focusIfLost(card), [contact.standing, visit?.visitId]);
  const accept = () =>
    act.run(async () => {
      if (visit && isLive(visit)) await takeContact(work.api, visit, contact.id);
      try {
        await panel.value?.accept(contact.id);
      } catch (error) {
        // Unless it was taken all the same, and the answer came late.
        if (contacts.value.find(({ id }) => id === contact.id)?.standing !== 'taken') hangUp();
        throw error;
      }
    });
  return (
    <section ref={card} tabIndex={-1} class="desk-contact" data-contact={contact.standing} aria-label={t('desk-contact', { name })}>
      <p>
        <strong>{t(visit ? `desk-contact-${contact.standing}` : 'desk-contact-unknown', { name })}</strong>
      </p>
      {contact.standing === 'over' && <AfterCall since={contact.since} />}
      {contact.standing === 'over' && visit && isLive(visit) && <p>{t('desk-contact-visit-on', { name })}</p>}
      {wrong && <Notice kind="bad">{wrong}</Notice>}
      <div class="desk-row">
        {contact.standing === 'ringing' && (
          <Button kind="primary" name="contact-accept" busy={act.busy} onPress={() => void accept()}>
            {t('desk-contact-accept')}
          </Button>
        )}
        {contact.standing === 'taken' && visit && !here && (
          <Button kind="primary" name="contact-open" busy={act.busy} onPress={() => void enter()}>
            {t('desk-contact-open')}
          </Button>
        )}
        {contact.standing === 'taken' && (
          <Button kind="danger" name="contact-hang-up" busy={end.busy} onPress={() => void end.run(async () => panel.value?.hangUp(contact.id))}>
            {t('desk-contact-hang-up')}
          </Button>
        )}
        {(contact.standing === 'over' || contact.standing === 'missed') && (
          <Button kind="primary" name="contact-finish" busy={done.busy} onPress={() => void done.run(async () => panel.value?.finish(contact.id))}>
            {t('desk-contact-finish')}
          </Button>
        )}
      </div>
    </section>
  );
}

/** Is heard while a contact rings, and said once. */
function useRinging({ id, standing }: Contact, name: string): void {
  useEffect(() => {
    if (standing !== 'ringing') return;
    announce(t(name ? 'desk-contact-ringing' : 'desk-contact-unknown', { name }), 'at once');
    ring();
    const timer = setInterval(ring, RING_MS);
    return () => clearInterval(timer);
  }, [id, standing, name]);
}

/** For how long the after-call work has been going on. */
function AfterCall({ since }: { since: number }) {
  const [now, tick] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => tick(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <p class="soft" role="timer">
      {t('desk-contact-after', { time: clock })}
    </p>
  );
}
