// The unmodified Chime client in real browsers, on the laptop's media server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meet, onTheLaptop, until } from './rig.js';

async function together(names, place) {
  const meeting = await meet(names, place);
  const people = [];
  for (const name of names) people.push(await meeting.arrive(name));
  return { meeting, people };
}

test('two people see and hear one another, and a cut socket heals', { timeout: 180_000 }, async () => {
  const names = ['ann', 'ben'];
  const { meeting, people: [ann, ben] } = await together(names);
  try {
    for (const one of [ann, ben]) {
      await one.sees(names);
      await one.hears(names);
      const { startedAfter } = await one.until('has started', seen => seen.started === 1);
      console.log(`audioVideoDidStart after ${Math.round(startedAfter)} ms`);
    }
    await ann.until('knows who is there', seen => Object.values(seen.roster).sort().join() === 'ann,ben');
    await ann.until('sees how loud he is', seen => seen.volumes.ben > 0);

    await ann.page.evaluate(() => window.call.realtimeSendDataMessage('chat', 'hello'));
    await ben.until('is told', seen => seen.messages.some(([from, text]) => from === 'ann' && text === 'hello'));

    await ann.page.evaluate(() => window.call.realtimeMuteLocalAudio());
    await ben.until('knows that she is muted', seen => seen.muted.ann === true);
    await ben.hears([]);
    await ann.page.evaluate(() => window.call.realtimeUnmuteLocalAudio());
    await ben.hears(names);

    meeting.order('cut ann');
    await ann.until('has come back by itself', seen => seen.started === 2);
    for (const one of [ann, ben]) {
      await one.sees(names);
      await one.hears(names);
    }
    const hers = meeting.events.filter(event => event.externalUserId === 'ann').map(event => event.eventType);
    assert.deepEqual(hers, ['chime:AttendeeJoined', 'chime:AttendeeDropped', 'chime:AttendeeJoined']);

    await ben.page.evaluate(() => window.call.stop());
    await ann.until('sees him go', seen => Object.values(seen.roster).join() === 'ann');
    meeting.order('end');
    const { stopped } = await ann.until('is told of the end', seen => seen.stopped.length > 0);
    assert.deepEqual(stopped, [5], 'MeetingEnded');
  } finally {
    await meeting.close();
  }
});

test('four people see and hear exactly the others, and one is taken out', { timeout: 240_000 }, async () => {
  const names = ['ann', 'ben', 'cat', 'dan'];
  const { meeting, people } = await together(names);
  try {
    for (const one of people) {
      await one.sees(names);
      await one.hears(names);
    }
    meeting.order('kick dan');
    const { stopped } = await people[3].until('is put out', seen => seen.stopped.length > 0);
    assert.deepEqual(stopped, [22], 'AudioAttendeeRemoved');
    for (const one of people.slice(0, 3)) {
      await one.sees(names.slice(0, 3));
      await one.hears(names.slice(0, 3));
    }
  } finally {
    await meeting.close();
  }
});

test('a shared screen is seen by the other, and goes when it is stopped', { timeout: 180_000 }, async () => {
  const names = ['ann', 'ben'];
  const { meeting, people: [ann, ben] } = await together(names);
  try {
    await ben.sees(names);
    await ann.page.evaluate(() => window.call.startContentShareFromScreenCapture());
    await ben.until('sees her screen', seen => 'ann#content' in seen.tiles);
    await ann.page.evaluate(() => window.call.stopContentShare());
    await ben.until('does not see it any more', seen => !('ann#content' in seen.tiles));
    await ben.sees(names);
    const shared = meeting.events.filter(event => event.attendeeId === 'id-ann#content').map(event => event.eventType);
    assert.deepEqual(shared, ['chime:AttendeeContentJoined', 'chime:AttendeeContentLeft']);
  } finally {
    await meeting.close();
  }
});

test('on the laptop a meeting of CreateMeeting is a call, with its troubles and its end', { timeout: 240_000 }, async () => {
  const names = ['ann', 'ben'];
  const { meeting, people: [ann, ben] } = await together(names, onTheLaptop);
  try {
    for (const one of [ann, ben]) {
      await one.sees(names);
      await one.hears(names);
    }
    assert.deepEqual((await meeting.state()).present.sort(), names);
    await meeting.order({ kind: 'cut', participantId: 'ben' });
    await ben.until('has come back by itself', seen => seen.started === 2);
    await meeting.order({ kind: 'stall-audio', participantId: 'ann', seconds: 4 });
    await ann.hears([]);
    await ann.hears(names);
    await meeting.order({ kind: 'kick', participantId: 'ben' });
    await ben.until('is put out', seen => seen.stopped.includes(22));
    // Nobody is left after her: the meeting ends by itself.
    await ann.page.evaluate(() => window.call.stop());
    await until('the meeting ends by itself', meeting.state, state => state.meetings === 0);
  } finally {
    await meeting.close();
  }
});
