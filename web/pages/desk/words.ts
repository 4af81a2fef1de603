import { Problem, Unreachable } from '../../shared/api/problem';
import { language, t } from '../../shared/i18n/texts';
import { SignInEnded } from '../../shared/sign-in/sign-in';
import { PanelRefused } from './connect/contacts';
import { now } from './watch';

/** Refusals that the desk has words of its own for. */
const KNOWN = new Set([
  'FORBIDDEN', 'NOT_FOUND', 'PARTICIPANT_STATE', 'VISIT_STATE', 'VISIT_ENDED', 'VISIT_CANCELLED', 'VISIT_NOT_OPEN',
  'NO_CONTACT_FOR_CHANNEL', 'NOTIFICATION_FAILED', 'RATE_LIMITED', 'MEDIA_UNAVAILABLE', 'VALIDATION_FAILED',
]);

/** What went wrong, and what to do now. */
export function inWords(error: unknown): string {
  if (error instanceof SignInEnded) return t('desk-error-signed-out');
  if (error instanceof Unreachable) return t('desk-error-unreachable');
  if (error instanceof PanelRefused) return t('desk-error-panel');
  if (!(error instanceof Problem)) return t('desk-error-other', { reference: 'page' });
  if (KNOWN.has(error.code)) return t(`desk-error-${error.code.toLowerCase().replaceAll('_', '-')}`, { minutes: Math.ceil((error.retryAfter ?? 60) / 60) });
  // The API's own words are plain, but in one language.
  return language.value === 'en' ? error.body.detail : t('desk-error-other', { reference: error.body.instance ?? error.code });
}

/** Whole minutes since a moment, by the server's clock. */
export const minutesSince = (at: string): number => Math.max(0, Math.floor((now.value - Date.parse(at)) / 60_000));
