import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toE164 } from '../widget/phone';
import { type Offer, days, offered } from '../widget/slots';

const HOUR = 60;
const offer = (given: Partial<Offer>): Offer => ({
  zone: 'America/New_York', from: 8 * HOUR, to: 18 * HOUR, every: 30, duration: 30, days: new Set([1, 2, 3, 4, 5, 6, 7]), ahead: 1, ...given,
});
const at = (text: string) => Date.parse(text);
const iso = (moments: number[]) => moments.map((moment) => new Date(moment).toISOString());

test('a practice offers its hours on its own clocks, and the last visit ends before it closes', () => {
  const moments = iso(offered(offer({}), at('2026-12-01T05:00:00Z')));
  assert.equal(moments.length, 20);
  assert.equal(moments[0], '2026-12-01T13:00:00.000Z');
  assert.equal(moments.at(-1), '2026-12-01T22:30:00.000Z');
});

test('what is past, or too soon to come in by a text, is not offered', () => {
  const moments = iso(offered(offer({}), at('2026-12-01T14:50:00Z')));
  assert.equal(moments[0], '2026-12-01T15:30:00.000Z');
});

test('days of rest are not offered', () => {
  const moments = iso(offered(offer({ ahead: 7, days: new Set([2]) }), at('2026-11-30T15:00:00Z')));
  assert.deepEqual([...new Set(moments.map((moment) => moment.slice(0, 10)))], ['2026-12-01']);
});

test('an hour that the clocks leap over is not offered, and one that comes twice is offered once', () => {
  const night = { from: 1 * HOUR, to: 4 * HOUR, every: 60, duration: 60 };
  const spring = iso(offered(offer(night), at('2026-03-08T05:00:00Z')));
  assert.deepEqual(spring, ['2026-03-08T06:00:00.000Z', '2026-03-08T07:00:00.000Z'], '1:00 EST, then 3:00 EDT');
  const autumn = iso(offered(offer(night), at('2026-11-01T04:00:00Z')));
  assert.equal(autumn.length, 3);
  assert.equal(new Set(autumn).size, 3);
});

test('the patient reads days and times on their own clocks, with the zone', () => {
  const [first, second] = days(offered(offer({ from: 20 * HOUR, to: 24 * HOUR, every: 60, duration: 60 }), at('2026-12-01T12:00:00Z')), 'Europe/Madrid', 'en-US');
  assert.equal(first?.date, '2026-12-02', 'the evening there is the next morning here');
  assert.equal(second, undefined);
  assert.match(first?.times[0]?.label ?? '', /^2:00.AM GMT\+1$/u);
  assert.equal(first?.times[0]?.at, '2026-12-02T01:00:00Z');
});

test('a number is understood as people type it, and never guessed at', () => {
  for (const typed of ['(212) 555-0143', '212.555.0143', '1 212 555 0143', '+1 212 555 0143', '0012125550143']) {
    assert.equal(toE164(typed, '1'), '+12125550143', typed);
  }
  assert.equal(toE164('0664 1234567', '43'), '+436641234567');
  for (const wrong of ['', '212', '212-CALL-ME', 'x'.repeat(20), '+']) assert.equal(toE164(wrong, '1'), undefined, wrong);
});
