import { t } from '../../shared/i18n/texts';
import { readable } from '../../shared/view/controls';
import type { Look } from './states';

/** A calendar entry (RFC 5545) for the visit, made on the device. It holds no link: links are nobody's but the message's. */
export function entry(look: Look & { duration: number }, now: Date): string {
  const stamp = (at: Date) => at.toISOString().replace(/[-:]|\.\d+/g, '');
  const start = new Date(look.scheduledAt);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Bedside//Pages//EN',
    'BEGIN:VEVENT',
    `UID:${look.visitId ?? stamp(start)}@bedside`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(new Date(start.getTime() + look.duration * 60_000))}`,
    `SUMMARY:${text(t('calendar-title', { practice: look.practice.name }))}`,
    `DESCRIPTION:${text(t('calendar-how', { phone: look.practice.supportPhone ? readable(look.practice.supportPhone) : '' }))}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'TRIGGER:-PT15M',
    `DESCRIPTION:${text(t('product'))}`,
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return `${lines.map(folded).join('\r\n')}\r\n`;
}

/** Hands the entry to the device, which knows what to do with it. */
export function calendar(look: Look & { duration: number }): void {
  const address = URL.createObjectURL(new Blob([entry(look, new Date())], { type: 'text/calendar' }));
  const link = Object.assign(document.createElement('a'), { href: address, download: 'visit.ics' });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Text as RFC 5545, 3.3.11, has it; the marks that keep directions apart are for screens. */
function text(words: string): string {
  return words.replace(/[\u2060\u2066-\u2069]/g, '').replace(/\u00a0/g, ' ').replace(/[\\;,]/g, (mark) => `\\${mark}`).replace(/\n/g, '\\n');
}

/** A line has at most 75 octets (RFC 5545, 3.1). */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  for (const character of line) {
    if (new TextEncoder().encode(part + character).length > (parts.length === 0 ? 75 : 74)) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part].join('\r\n ');
}
