import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { wayOf, bare } from '../shared/early/address';
import { learnServerTime, serverNow } from '../shared/device/clock';
import { newDeviceKey, proof } from '../shared/device/key';
import { browserOf } from '../shared/media-devices/browser';
import { loudness } from '../shared/media-devices/meter';
import { LOOK_EVERY_MS } from '../pages/desk/pace';
import { Heartbeat } from '../shared/call/heartbeat';

test('an address is read however it was written, and its secret is nowhere in what is left', () => {
  const expected = { kind: 'link', code: 'K7QX2MPA', secret: 'T9WMR4VX8KQ2PLNA' };
  assert.deepEqual(wayOf({ pathname: '/j/K7QX2MPA', hash: '#T9WMR4VX8KQ2PLNA' }), expected);
  assert.deepEqual(wayOf({ pathname: '/j/K7QX2MPA%23T9WMR4VX8KQ2PLNA', hash: '' }), expected);
  assert.deepEqual(wayOf({ pathname: '/j/K7QX2MPA', hash: '' }), { ...expected, secret: null });
  assert.deepEqual(wayOf({ pathname: '/v/r6tb3yhn', hash: '' }), { kind: 'code', meetingCode: 'R6TB3YHN' });
  assert.deepEqual(wayOf({ pathname: '/m/019a', hash: '#AB' }), { kind: 'confirm', challengeId: '019a', secret: 'AB' });
  assert.deepEqual(wayOf({ pathname: '/j/', hash: '#x' }), { kind: 'nothing' });
  assert.deepEqual(wayOf({ pathname: '/j/%E0%A4%A', hash: '' }), { kind: 'link', code: '%E0%A4%A', secret: null });
  for (const hash of ['#T9WMR4VX8KQ2PLNA', '']) {
    assert.doesNotMatch(bare(wayOf({ pathname: '/j/K7QX2MPA%23T9WMR4VX8KQ2PLNA', hash })), /T9WM/);
  }
});

test('browsers and the apps that hide one are told apart', () => {
  const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
  const cases = [
    [`${iphone} Version/18.1 Mobile/15E148 Safari/604.1`, 'safari', 'Safari 18', 'iOS 18', null],
    [`${iphone} CriOS/130.0 Mobile/15E148 Safari/604.1`, 'chrome', 'Chrome 130', 'iOS 18', null],
    [`${iphone} Mobile/15E148`, 'other', 'Browser', 'iOS 18', ''],
    [`${iphone} Mobile/15E148 [FBAN/FBIOS;FBAV/480]`, 'other', 'Browser', 'iOS 18', 'Facebook'],
    ['Mozilla/5.0 (Linux; Android 15; SM-S921U) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/537.36', 'samsung', 'Samsung Internet 26', 'Android 15', null],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0', 'edge', 'Edge 130', 'Windows', null],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0', 'firefox', 'Firefox 132', 'macOS', null],
  ] as const;
  for (const [agent, family, name, os, app] of cases) {
    const found = browserOf(agent);
    assert.deepEqual([found.family, found.name, found.os, found.app], [family, name, os, app], agent);
  }
});

test('a proof is what RFC 9449 asks for, by the server’s clock', async () => {
  learnServerTime(new Date(Date.now() + 3_600_000).toISOString());
  const key = await newDeviceKey();
  assert.ok(key);
  const made = await proof(key, 'POST', 'https://visit.example.com/api/session/join', 'the-token');
  const [header, claims, signature] = made.split('.');
  const read = (part: string | undefined) => JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
  assert.equal(read(header).typ, 'dpop+jwt');
  assert.equal(read(header).jwk.d, undefined);
  const { htm, htu, iat, ath, jti } = read(claims);
  assert.deepEqual([htm, htu], ['POST', 'https://visit.example.com/api/session/join']);
  assert.ok(Math.abs(iat * 1000 - serverNow()) < 2000 && iat * 1000 > Date.now() + 3_000_000);
  assert.equal(ath, createHash('sha256').update('the-token').digest('base64url'));
  assert.ok(jti.length >= 22);
  const publicKey = createPublicKey({ key: { ...key.jwk }, format: 'jwk' });
  const right = verify('sha256', Buffer.from(`${header}.${claims}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature ?? '', 'base64url'));
  assert.ok(right);
});

test('silence is nothing, speech is most of the way', () => {
  const tone = (volume: number) => Float32Array.from({ length: 2048 }, (_, index) => volume * Math.sin(index / 5));
  assert.equal(loudness(tone(0)), 0);
  assert.ok(loudness(tone(0.001)) < 0.1);
  assert.ok(loudness(tone(0.1)) > 0.6);
  assert.equal(loudness(tone(1)), 1);
});

test('a call without a connection is as silent as one from which nothing comes', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const gone = () => null;
  const failing = () => Promise.reject(new Error('closed'));
  for (const [stats, expectsSound] of [[gone, true], [failing, true], [gone, false], [failing, false]] as const) {
    let silences = 0;
    new Heartbeat(stats, () => (silences += 1), expectsSound);
    for (let second = 0; second < 10; second += 1) {
      context.mock.timers.tick(1000);
      await new Promise((settled) => setImmediate(settled));
    }
    assert.equal(silences, 1);
  }
});

test('the desk looks so often that whoever comes is heard of within four seconds', () => {
  // A way to the API and back, and the second question of who it is.
  assert.ok(LOOK_EVERY_MS + 1500 <= 4000);
});
