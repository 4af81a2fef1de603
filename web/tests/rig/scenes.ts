import type { Browser } from 'playwright-core';
import { Person, type Wanted } from './browser';
import { comes, Desk } from './desk';
import type { Practice, Visit } from './practice';

// Every state of the pages, and how one gets there: by doing, as far as that is possible.

/** Where scenes are played. */
export interface Stage {
  practice: Practice;
  browser: Browser;
  wanted: Wanted;
}

/** Plays a scene, and gives whoever is in it. */
export type Scene = (stage: Stage) => Promise<Person>;

const INSTAGRAM = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 350.0';

async function someone({ browser, wanted, practice }: Stage, more: Wanted = {}): Promise<Person> {
  const person = await Person.of(browser, { ...wanted, ...more });
  person.practice = practice;
  person.expected.push('WebSocket', 'ws://', 'The AudioContext', 'ERR_FAILED', 'ERR_INTERNET_DISCONNECTED');
  return person;
}

/** Opens an address and waits for the state. */
function opens(state: string, address: (visit: Visit) => Promise<string> | string, wanted: Record<string, unknown> = {}, more: Wanted = {}): Scene {
  return async (stage) => {
    const person = await someone(stage, more);
    await person.page.goto(await address(await stage.practice.visit(wanted)));
    await person.at(state);
    return person;
  };
}

const link = (visit: Visit) => visit.patientLink();
const preview = (wanted?: Record<string, unknown>) => opens('preview', link, wanted);

/** Goes on from another scene. */
function then(scene: Scene, act: (person: Person, stage: Stage) => Promise<unknown>): Scene {
  return async (stage) => {
    const person = await scene(stage);
    await act(person, stage);
    return person;
  };
}

const press = (name: string, state: string) => async (person: Person) => {
  await person.press(name);
  await person.at(state);
};
const shows = (selector: string) => async (person: Person) => person.page.locator(selector).first().waitFor();
const pressFor = (name: string, selector: string) => async (person: Person) => {
  await person.press(name);
  await shows(selector)(person);
};

/** Answers a request of the page as the API would. */
async function refuses(person: Person, path: string, status: number, code: string): Promise<void> {
  const body = JSON.stringify({ type: 'about:blank', title: code, status, code, detail: code, instance: 'x' });
  await person.page.route(path, (route) => route.fulfill({ status, contentType: 'application/problem+json', body }));
}

const devicesOn = pressFor('devices', '[data-devices="on on"]');
const waiting = then(preview(), press('join', 'waiting'));

/** Somebody waits, and the desk does something. */
function deskDoes(state: string, act: (visit: Visit) => Promise<unknown>): Scene {
  return async (stage) => {
    const visit = await stage.practice.visit();
    const person = await someone(stage);
    await person.page.goto(await visit.patientLink());
    await person.at('preview');
    await person.press('join');
    await person.at('waiting');
    await visit.clinicianStarts();
    await act(visit);
    await (state === 'call' ? shows('[data-call]')(person) : person.at(state, 25_000));
    return person;
  };
}

/** A link that another device has come in by. */
const used: Scene = async (stage) => {
  const visit = await stage.practice.visit();
  const address = await visit.patientLink();
  await comes(visit, address);
  return opens('used', () => address)(stage);
};

const confirm: Scene = async (stage) => {
  const visit = await stage.practice.visit({ access: { factors: ['email-link'] } });
  const asks = await opens('preview', () => visit.patientLink())(stage);
  await press('join', 'proving-email-link')(asks);
  await pressFor('send', '[data-name=confirmed]')(asks);
  const [mail] = await visit.messages(`${visit.patientId}@example.com`);
  await asks.done();
  return opens('confirm-ready', () => mail?.['links'].find((found: string) => found.includes('/m/')))(stage);
};

const code = (path: (visit: Visit) => string): Scene => async (stage) => {
  const visit = await stage.practice.visit({ access: { publicCode: true } });
  return opens('preview', () => stage.practice.url + path(visit))(stage);
};

/** The patient of a visit, signed in at the laptop's provider. */
function portal(prepare?: (visit: Visit) => Promise<unknown>, wanted: Record<string, unknown> = {}): Scene {
  return async (stage) => {
    const visit = await stage.practice.visit(wanted);
    await prepare?.(visit);
    const person = await someone(stage);
    await person.page.goto(`${stage.practice.url}/portal`);
    await person.at('signed-out');
    await person.press('sign-in');
    await person.page.waitForURL(/authorize/);
    await person.page.goto(`${person.page.url()}&role=patient&sub=${visit.patientId}`);
    await person.at('visits');
    return person;
  };
}
const firstVisit = async (person: Person) => {
  await person.page.locator('[data-visit]').first().click();
  await person.page.locator('[data-state]:not([data-state=visits])').waitFor();
};

function desk(arrive: (visit: Visit) => Promise<unknown>, act: (desk: Desk, visit: Visit) => Promise<unknown>): Scene {
  return async (stage) => {
    const visit = await stage.practice.visit({ startsIn: 60_000 });
    await arrive(visit);
    const seat = await Desk.of(stage.browser, stage.practice, visit.clinicianId, stage.wanted);
    await seat.item(visit).waitFor();
    await act(seat, visit);
    return seat.person;
  };
}

const plain = (path: string, selector: string): Scene => async (stage) => {
  const person = await someone(stage);
  await person.page.goto(stage.practice.url + path);
  await shows(selector)(person);
  return person;
};

/** What patients and whoever is with them see. */
export const PATIENTS: Record<string, Scene> = {
  loading: async (stage) => {
    const person = await someone(stage);
    // An answer that does not come.
    await person.page.route('**/api/token/redeem', () => undefined);
    await person.page.goto(await (await stage.practice.visit()).patientLink());
    await person.at('loading');
    return person;
  },
  'in-app': opens('in-app', link, {}, { userAgent: INSTAGRAM }),
  unsupported: async (stage) => {
    const person = await someone(stage);
    await person.context.addInitScript(() => Reflect.deleteProperty(globalThis, 'RTCPeerConnection'));
    await person.page.goto(await (await stage.practice.visit()).patientLink());
    await person.at('unsupported');
    return person;
  },
  unreachable: async (stage) => {
    const person = await someone(stage);
    await person.page.route('**/api/**', (route) => route.abort());
    await person.page.goto(await (await stage.practice.visit()).patientLink());
    await person.at('unreachable');
    return person;
  },
  lost: (stage) => opens('invalid', () => `${stage.practice.url}/j/`)(stage),
  incomplete: opens('incomplete', async (visit) => (await visit.patientLink()).replace(/#.*/, '')),
  invalid: opens('invalid', async (visit) => (await visit.patientLink()).replace(/#.*/, '#AAAAAAAAAAAAAAAA')),
  dead: opens('dead', async (visit) => {
    const old = await visit.patientLink();
    await visit.links();
    return old;
  }),
  cancelled: opens('cancelled', async (visit) => {
    const address = await visit.patientLink();
    await visit.cancel();
    return address;
  }),
  ended: opens('ended', async (visit) => {
    const address = await visit.patientLink();
    await visit.clinicianStarts();
    await visit.end();
    return address;
  }),
  early: opens('early', link, { startsIn: 3 * 3_600_000 }),
  preview: preview(),
  'preview-devices': then(preview(), devicesOn),
  'preview-refused': then(preview(), async (person) => {
    await person.page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await pressFor('devices', '[data-name=devices-again]')(person);
  }),
  'preview-trouble': then(preview(), async (person) => {
    await refuses(person, '**/start', 403, 'FORBIDDEN');
    await pressFor('join', '.notice.bad')(person);
  }),
  'turned-away': then(preview(), async (person) => {
    await refuses(person, '**/start', 409, 'PARTICIPANT_STATE');
    await press('join', 'turned-away')(person);
  }),
  used,
  'used-move': then(used, press('move', 'proving-sms-otp')),
  'code-asked': then(preview({ access: { preset: 'strict' } }), press('join', 'proving-sms-otp')),
  'code-wrong': then(preview({ access: { preset: 'strict' } }), async (person) => {
    await press('join', 'proving-sms-otp')(person);
    await pressFor('send', 'input[name=digits]')(person);
    await person.page.locator('input[name=digits]').fill('12');
    await pressFor('answer', '.wrong')(person);
  }),
  'last-four': then(preview({ access: { factors: ['phone-last4'] } }), async (person) => {
    await press('join', 'proving-phone-last4')(person);
    await shows('input[name=digits]')(person);
  }),
  'email-asked': then(preview({ access: { factors: ['email-link'] } }), press('join', 'proving-email-link')),
  'email-sent': then(preview({ access: { factors: ['email-link'] } }), async (person) => {
    await press('join', 'proving-email-link')(person);
    await pressFor('send', '[data-name=confirmed]')(person);
  }),
  'confirm-ready': confirm,
  'confirm-done': then(confirm, press('confirm', 'confirm-done')),
  'confirm-dead': (stage) => opens('confirm-dead', () => `${stage.practice.url}/m/019ac0de-7e10-7c3a-9f00-2b6f5d1c4a01`)(stage),
  'code-preview': code((visit) => `/v/${visit.made['meetingCode']}`),
  'code-nameless': then(code((visit) => `/v/${visit.made['meetingCode']}`), pressFor('join', '.wrong')),
  waiting,
  'waiting-offline': then(waiting, async (person) => {
    await person.page.route('**/api/**', (route) => route.abort());
    await shows('.notice.warn')(person);
  }),
  'other-tab': then(waiting, async (person) => {
    const newest = await person.context.newPage();
    await newest.goto(person.page.url());
    await person.at('other-tab');
  }),
  left: then(waiting, press('leave', 'left')),
  'over-rejected': deskDoes('over-rejected', (visit) => visit.desk('reject')),
  'over-cancelled': deskDoes('over-cancelled', (visit) => visit.cancel()),
  'over-ended': deskDoes('over-ended', (visit) => visit.end()),
  check: plain('/check', '[data-network="good"]'),
  'check-devices': then(plain('/check', '[data-name=devices]'), devicesOn),
  'portal-signed-out': plain('/portal', '[data-state=signed-out]'),
  portal: portal(),
  'portal-visit': then(portal(undefined, { patientInstructions: 'Have your medicines at hand.' }), firstVisit),
  'portal-past': then(
    portal(async (visit) => {
      await visit.clinicianStarts();
      await visit.end({ notes: 'Rest, and drink water.', releaseNotes: true });
    }),
    firstVisit,
  ),
};

/** The call has no picker of its own: its language is chosen before. */
export const CALLS: Record<string, Scene> = {
  call: deskDoes('call', (visit) => visit.desk('admit')),
  'call-help': then(deskDoes('call', (visit) => visit.desk('admit')), pressFor('help', '.sheet')),
};

/** What landers and practices see. */
export const OTHERS: Record<string, Scene> = {
  lander: plain('/', 'bedside-schedule #givenName'),
  'desk-list': desk(async () => undefined, async () => undefined),
  'desk-visit': desk((visit) => comes(visit), (seat, visit) => seat.opens(visit)),
};

/** The laptop's own page, in English alone: a patient's phone with a text on it. */
export const DEMO: Scene = async (stage) => {
  const person = await someone(stage, { viewport: { width: 1280, height: 900 } });
  // What the rig runs in every document may not run in an e-mail.
  person.expected.push('Blocked script execution');
  await person.page.goto(`${stage.practice.url}/demo`);
  await pressFor('schedule', '.demo-controls .notice')(person);
  return person;
};
