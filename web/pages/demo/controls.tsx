import { useState } from 'preact/hooks';
import { Problem } from '../../shared/api/problem';
import { Button, Notice } from '../../shared/view/controls';
import { clock, faults, look } from './demo';
import { type Fault, local } from './local';
import { Moment } from './phone';
import { type Wish, scheduleNow } from './schedule';

/** Faults worth trying, in words. The SDK tries a call three times (CreateMeeting six), so fewer show nowhere. */
const FAULTS: readonly { label: string; fault: Fault }[] = [
  { label: 'Texts cannot be sent', fault: { service: 'sms', operation: 'SendTextMessage', kind: 'error', times: 3 } },
  { label: 'E-mails cannot be sent', fault: { service: 'sesv2', operation: 'SendEmail', kind: 'error', times: 3 } },
  { label: 'No call can be made', fault: { service: 'chime', operation: 'CreateMeeting', kind: 'throttle', times: 6 } },
  { label: 'A write loses its answer', fault: { service: 'dynamodb', operation: 'TransactWriteItems', kind: 'lost-answer', times: 1 } },
  { label: 'Two writes meet', fault: { service: 'dynamodb', operation: 'TransactWriteItems', kind: 'conflict', times: 1 } },
  { label: 'Nothing can be signed', fault: { service: 'kms', operation: 'Sign', kind: 'error', times: 3 } },
  { label: 'A function dies', fault: { service: 'dynamodb', operation: 'TransactWriteItems', kind: 'die', times: 1 } },
];

const ADVANCES = [
  ['PT5M', '+ 5 min'],
  ['PT15M', '+ 15 min'],
  ['PT1H', '+ 1 hour'],
  ['P1D', '+ 1 day'],
] as const;

/** One press at a time; what came of it is said. */
function usePress() {
  const [busy, setBusy] = useState(false);
  const [told, tell] = useState<{ bad: boolean; text: string } | null>(null);
  const press = async (act: () => Promise<unknown>, done: string | ((result: unknown) => string)) => {
    setBusy(true);
    try {
      const result = await act();
      tell({ bad: false, text: typeof done === 'string' ? done : done(result) });
    } catch (error) {
      tell({ bad: true, text: error instanceof Problem ? error.body.detail : String(error) });
    } finally {
      await look();
      setBusy(false);
    }
  };
  return { busy, told, press: (...given: Parameters<typeof press>) => void press(...given) };
}

/** What a developer does to the practice. */
export function Controls() {
  const { busy, told, press } = usePress();
  return (
    <section aria-labelledby="controls" class="demo-controls">
      <h2 id="controls">Controls</h2>
      <div role="status">{told && <Notice kind={told.bad ? 'bad' : 'good'}>{told.text}</Notice>}</div>
      <Schedule busy={busy} press={press} />
      <div role="group" aria-labelledby="clock">
        <h3 id="clock">Clock: {clock.value && <Moment at={clock.value} />}</h3>
        <div class="demo-row">
          {ADVANCES.map(([by, label]) => (
            <Button key={by} busy={busy} onPress={() => press(() => local.advance(by), `The clock was moved: ${label}.`)}>
              {label}
            </Button>
          ))}
          <Button busy={busy} onPress={() => press(local.resetClock, 'The clock shows the real time.')}>
            Real time
          </Button>
          <Button busy={busy} onPress={() => press(local.tick, 'tick has run.')}>
            Run tick
          </Button>
        </div>
      </div>
      <Faults busy={busy} press={press} />
      <div role="group" aria-labelledby="all">
        <h3 id="all">Everything</h3>
        <div class="demo-row">
          <Button busy={busy} onPress={() => press(local.resetLimits, 'What limits have counted is forgotten.')}>
            Forget limits
          </Button>
          <Button kind="danger" busy={busy} onPress={() => press(local.resetAll, 'All is as after a fresh start.')}>
            Reset everything
          </Button>
        </div>
      </div>
    </section>
  );
}

type Press = ReturnType<typeof usePress>['press'];

function Schedule({ busy, press }: { busy: boolean; press: Press }) {
  const [wish, change] = useState<Wish>({ preset: 'standard', modality: 'video' });
  const pages = [
    ['/', 'A lander’s page'],
    ['/desk', 'The desk'],
    ['/portal', 'The portal'],
    ['/check', 'Device check'],
  ] as const;
  return (
    <div role="group" aria-labelledby="visit">
      <h3 id="visit">A visit now</h3>
      <div class="demo-row">
        <label>
          Access{' '}
          <select class="input" value={wish.preset} onChange={(event) => change({ ...wish, preset: event.currentTarget.value as Wish['preset'] })}>
            <option value="standard">standard: waiting room</option>
            <option value="strict">strict: and a code by text</option>
            <option value="open">open: comes straight in</option>
          </select>
        </label>
        <label>
          Held by{' '}
          <select class="input" value={wish.modality} onChange={(event) => change({ ...wish, modality: event.currentTarget.value as Wish['modality'] })}>
            <option value="video">video</option>
            <option value="audio">phone</option>
          </select>
        </label>
      </div>
      <Button kind="primary" name="schedule" busy={busy} onPress={() => press(() => scheduleNow(wish), (at) => `Booked for ${new Date(String(at)).toLocaleTimeString('en-US', { timeStyle: 'short' })}; the links are on the phone and in the mailbox.`)}>
        Schedule a visit now
      </Button>
      <div class="demo-row">
        {pages.map(([path, label]) => (
          <a key={path} class="button" href={path} target="_blank" rel="noopener">
            {label}
          </a>
        ))}
      </div>
    </div>
  );
}

function Faults({ busy, press }: { busy: boolean; press: Press }) {
  return (
    <div role="group" aria-labelledby="faults">
      <h3 id="faults">Faults</h3>
      <div class="demo-row">
        {FAULTS.map(({ label, fault }) => (
          <Button key={label} busy={busy} onPress={() => press(() => local.fail(fault), `${label}: for the next ${fault.times} calls of ${fault.operation}.`)}>
            {label}
          </Button>
        ))}
      </div>
      <ul data-faults={faults.value.length}>
        {faults.value.map(({ service, operation, kind, times }, index) => (
          <li key={index}>
            {service} {operation}: {kind}, {times} more
          </li>
        ))}
      </ul>
      <Button busy={busy} onPress={() => press(local.mend, 'No fault waits any more.')}>
        Clear all faults
      </Button>
    </div>
  );
}
