// A meeting, and people in it: each a browser of its own, with a tone and a colour of its own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const TONES = [440, 620, 830, 1100];
const COLOURS = [[200, 40, 40], [40, 170, 40], [50, 60, 210], [200, 190, 40]];

// One second of a tone, at a quarter of full scale.
function sound(hertz) {
  const rate = 48_000;
  const wave = Buffer.alloc(44 + rate * 2);
  wave.write('RIFF', 0); wave.writeUInt32LE(36 + rate * 2, 4); wave.write('WAVEfmt ', 8);
  wave.writeUInt32LE(16, 16); wave.writeUInt16LE(1, 20); wave.writeUInt16LE(1, 22);
  wave.writeUInt32LE(rate, 24); wave.writeUInt32LE(rate * 2, 28); wave.writeUInt16LE(2, 32); wave.writeUInt16LE(16, 34);
  wave.write('data', 36); wave.writeUInt32LE(rate * 2, 40);
  for (let at = 0; at < rate; at += 1) {
    wave.writeInt16LE(Math.round(8192 * Math.sin((2 * Math.PI * hertz * at) / rate)), 44 + at * 2);
  }
  return wave;
}

// Thirty pictures of a colour, with a lighter bar that moves.
function picture([red, green, blue]) {
  const [width, height] = [320, 240];
  const luma = Math.round(16 + 0.257 * red + 0.504 * green + 0.098 * blue);
  const chroma = [128 - 0.148 * red - 0.291 * green + 0.439 * blue, 128 + 0.439 * red - 0.368 * green - 0.071 * blue];
  const frames = [Buffer.from(`YUV4MPEG2 W${width} H${height} F15:1 Ip A1:1 C420jpeg\n`)];
  for (let frame = 0; frame < 30; frame += 1) {
    const lumas = Buffer.alloc(width * height, luma);
    for (let y = 0; y < height; y += 1) lumas.fill(Math.min(235, luma + 40), y * width + frame * 10, y * width + frame * 10 + 20);
    const quarter = (width * height) / 4;
    frames.push(Buffer.from('FRAME\n'), lumas, ...chroma.map(value => Buffer.alloc(quarter, Math.round(value))));
  }
  return Buffer.concat(frames);
}

// A program of ours, with the lines that it says.
function start(name, options) {
  const built = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), 'debug', name);
  const program = spawn(built, options, { stdio: ['pipe', 'pipe', 'inherit'] });
  return { program, lines: createInterface({ input: program.stdout }) };
}

// A meeting of the media server alone.
async function alone(names) {
  const { program, lines } = start('examples/meeting', names);
  const [first] = await once(lines, 'line');
  const events = [];
  lines.on('line', line => events.push(JSON.parse(line).detail));
  const order = line => program.stdin.write(`${line}\n`);
  return { ...JSON.parse(first), events, order, stop: () => program.stdin.end() };
}

// A meeting of the whole laptop, by the API of Chime; orders are of its `/local/media`.
export async function onTheLaptop(names) {
  const flags = ['--port', '0', '--aws-port', '0', '--media-port', '0', '--media-silence', '5'];
  const { program, lines } = start('bedside-local', flags);
  const addresses = [];
  for await (const line of lines) {
    addresses.push(...line.match(/http:\/\/127\.0\.0\.1:\d+/g) ?? []);
    if (line.includes('Ctrl-C')) break;
  }
  const [laptop, aws] = addresses;
  const ask = async (url, body) => {
    // The endpoint takes any signature; the scope says for whom it is.
    const authorization = 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/chime/aws4_request, SignedHeaders=host, Signature=00';
    const headers = { 'content-type': 'application/json', ...(url.startsWith(aws) && { authorization }) };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
  };
  const visitId = 'a-visit';
  const wanted = { ClientRequestToken: 'a-visit-1', MediaRegion: 'us-east-1', ExternalMeetingId: visitId };
  const { Meeting: meeting } = await ask(`${aws}/meetings`, wanted);
  const attendees = {};
  for (const name of names) {
    const { Attendee } = await ask(`${aws}/meetings/${meeting.MeetingId}/attendees`, { ExternalUserId: name });
    attendees[name] = Attendee;
  }
  const order = body => ask(`${laptop}/local/media`, { visitId, ...body });
  const state = async () => (await fetch(`${laptop}/local/state`)).json();
  return { meeting, attendees, order, state, events: [], stop: () => program.kill() };
}

// A meeting of these people, until `close`.
export async function meet(names, place = alone) {
  const folder = mkdtempSync(join(tmpdir(), 'bedside-browsers-'));
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL('page.js', import.meta.url))],
    bundle: true, write: false, format: 'iife', logLevel: 'error', define: { global: 'globalThis' },
    alias: { '@aws-sdk/client-chime-sdk-messaging': fileURLToPath(new URL('nothing.js', import.meta.url)) },
  });
  const script = bundle.outputFiles[0].text;
  const web = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><title>call</title><body><script src="/page.js"></script>');
  });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  const origin = `http://localhost:${web.address().port}/`;

  const { meeting, attendees, order, stop, events, state } = await place(names);

  const browsers = [];
  const people = {};
  const arrive = async (name) => {
    const at = names.indexOf(name);
    const [wave, film] = [join(folder, `${name}.wav`), join(folder, `${name}.y4m`)];
    writeFileSync(wave, sound(TONES[at]));
    writeFileSync(film, picture(COLOURS[at]));
    const browser = await chromium.launch({
      executablePath: process.env.BEDSIDE_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox', '--headless=new', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${wave}`, `--use-file-for-fake-video-capture=${film}`,
        '--autoplay-policy=no-user-gesture-required', '--allow-loopback-in-peer-connection',
        '--auto-select-desktop-capture-source=Entire screen',
      ],
    });
    browsers.push(browser);
    const page = await browser.newPage();
    if (process.env.SHOW_CONSOLE) page.on('console', message => console.log(name, message.text()));
    await page.goto(origin);
    await page.evaluate(([meeting, attendee]) => window.join(meeting, attendee), [meeting, attendees[name]]);
    people[name] = person(page, name);
    return people[name];
  };
  return {
    events,
    arrive,
    order,
    state,
    async close() {
      await Promise.all(browsers.map(browser => browser.close()));
      stop();
      web.close();
      rmSync(folder, { recursive: true });
    },
  };

  function person(page, name) {
    const seen = () => page.evaluate(() => window.seen());
    const others = present => present.filter(other => other !== name);
    return {
      page,
      seen,
      until: (what, enough) => until(`${name}: ${what}`, seen, enough),
      // Hears exactly the tones of these.
      async hears(present) {
        const expected = others(present).map(other => TONES[names.indexOf(other)]);
        const heard = () => page.evaluate(tones => window.hears(tones), TONES);
        await until(`${name} hears ${present}`, heard, tones => `${tones}` === `${expected}`);
      },
      // Sees exactly these, in their colours, and moving.
      async sees(present) {
        const right = (shown) => {
          const tiles = others(present);
          return Object.keys(shown).length === tiles.length && tiles.every((other) => {
            const { colour, pictures } = shown[other] ?? { colour: [], pictures: 0 };
            const meant = COLOURS[names.indexOf(other)];
            return pictures >= 6 && meant.every((value, at) => Math.abs(value - colour[at]) < 45);
          });
        };
        await until(`${name} sees ${present}`, () => page.evaluate(() => window.shows()), right);
      },
    };
  }
}

// Looks again until it is right.
export async function until(what, look, isRight, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < end) {
    last = await look();
    if (isRight(last)) return last;
    await new Promise(done => setTimeout(done, 250));
  }
  assert.fail(`${what}: not within ${seconds} s, but ${JSON.stringify(last)}`);
}
