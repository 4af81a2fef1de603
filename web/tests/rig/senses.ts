import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { becomes, launch, type Person } from './browser';

/** What somebody sends: a tone that nobody else has, and a colour. */
export interface Look {
  hertz: number;
  colour: readonly [number, number, number];
}

export const LOOKS: readonly Look[] = [
  { hertz: 440, colour: [200, 40, 40] },
  { hertz: 620, colour: [40, 170, 40] },
  { hertz: 830, colour: [50, 60, 210] },
  { hertz: 1100, colour: [200, 190, 40] },
];

const RATE = 48_000;
/** Lines of the spectrum: one every 3 Hz. */
const LINES = 16_384;
/** What is louder is heard, in decibels of full scale. */
const AUDIBLE = -55;
/** A colour that came through a video codec is still this near, in each of its parts. */
const NEAR = 45;
const PATIENCE_MS = 30_000;

/** Browsers for so many people: each a process of its own, with a microphone that hums and a camera before a coloured wall. */
export class Crowd {
  private readonly folder = mkdtempSync(join(tmpdir(), 'bedside-senses-'));
  readonly browsers: Browser[] = [];

  static async of(count: number): Promise<Crowd> {
    const crowd = new Crowd();
    for (const [index, { hertz, colour }] of LOOKS.slice(0, count).entries()) {
      const wave = join(crowd.folder, `${index}.wav`);
      const film = join(crowd.folder, `${index}.y4m`);
      writeFileSync(wave, sound(hertz));
      writeFileSync(film, picture(colour));
      crowd.browsers.push(
        await launch(
          '--use-fake-ui-for-media-stream',
          `--use-file-for-fake-audio-capture=${wave}`,
          `--use-file-for-fake-video-capture=${film}`,
          '--auto-select-desktop-capture-source=Entire screen',
        ),
      );
    }
    return crowd;
  }

  async close(): Promise<void> {
    await Promise.all(this.browsers.map((browser) => browser.close()));
    rmSync(this.folder, { recursive: true });
  }
}

/** Waits until somebody hears the tones of exactly these, of all that there are. */
export async function hears(person: Person, others: readonly Look[]): Promise<void> {
  const wanted = others.map(({ hertz }) => hertz).sort();
  const tones = LOOKS.map(({ hertz }) => hertz);
  await becomes(async () => (await heard(person, tones)).sort(), wanted, 'hears', PATIENCE_MS);
}

/** Waits until somebody sees the moving pictures of exactly these. */
export async function sees(person: Person, others: readonly Look[]): Promise<void> {
  const wanted = others.map(({ hertz }) => hertz).sort();
  const looks = async () => (await shown(person)).map(({ colour, pictures }) => (pictures >= 6 ? whose(colour) : `still ${colour}`)).sort();
  await becomes<(number | string)[]>(looks, wanted, 'sees', PATIENCE_MS);
}

/** Who has the colour, by the tone; else the colour. */
function whose(colour: number[]): number | string {
  const is = (look: Look) => look.colour.every((part, at) => Math.abs(part - (colour[at] ?? 0)) < NEAR);
  return LOOKS.find(is)?.hertz ?? colour.join(' ');
}

async function heard({ page }: Person, tones: number[]): Promise<number[]> {
  return page.evaluate(
    async ({ tones, lines, audible }) => {
      const stream = document.querySelector<HTMLAudioElement>('.call audio')?.srcObject;
      if (!(stream instanceof MediaStream) || stream.getAudioTracks().length === 0) return [];
      type Ears = { stream: MediaStream; context: AudioContext; analyser: AnalyserNode };
      const kept = globalThis as unknown as { ears?: Ears };
      if (kept.ears?.stream !== stream) {
        const context = kept.ears?.context ?? new AudioContext();
        const analyser = new AnalyserNode(context, { fftSize: lines, smoothingTimeConstant: 0 });
        context.createMediaStreamSource(stream).connect(analyser);
        kept.ears = { stream, context, analyser };
      }
      const { context, analyser } = kept.ears;
      await context.resume();
      const spectrum = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(spectrum);
      const width = context.sampleRate / lines;
      const loudest = (tone: number) => Math.max(...spectrum.slice(Math.floor((tone - 15) / width), Math.ceil((tone + 15) / width)));
      return tones.filter((tone) => loudest(tone) > audible);
    },
    { tones, lines: LINES, audible: AUDIBLE },
  );
}

/** The colour of each picture of somebody, and how many different ones there were in eight looks. */
async function shown({ page }: Person): Promise<{ colour: number[]; pictures: number }[]> {
  return page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 32, height: 24 });
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const tiles = new Map<Element, { colour: number[]; pictures: Set<string> }>();
    for (let look = 0; look < 8; look += 1) {
      for (const video of document.querySelectorAll<HTMLVideoElement>('.tile[data-tile]:not(.content) video')) {
        if (!context || video.readyState < 2) continue;
        context.drawImage(video, 0, 0, 32, 24);
        const pixels = context.getImageData(0, 0, 32, 24).data;
        const sum = [0, 0, 0];
        pixels.forEach((value, at) => {
          const part = at % 4;
          if (part < 3) sum[part] = (sum[part] ?? 0) + value;
        });
        const tile = tiles.get(video) ?? { colour: [], pictures: new Set<string>() };
        tile.colour = sum.map((all) => Math.round(all / (32 * 24)));
        tile.pictures.add(pixels.join());
        tiles.set(video, tile);
      }
      await new Promise((done) => setTimeout(done, 120));
    }
    return [...tiles.values()].map(({ colour, pictures }) => ({ colour, pictures: pictures.size }));
  });
}

/** One second of a tone, at a quarter of full scale. */
function sound(hertz: number): Buffer {
  const wave = Buffer.alloc(44 + RATE * 2);
  wave.write('RIFF', 0);
  wave.writeUInt32LE(36 + RATE * 2, 4);
  wave.write('WAVEfmt ', 8);
  wave.writeUInt32LE(16, 16);
  wave.writeUInt16LE(1, 20);
  wave.writeUInt16LE(1, 22);
  wave.writeUInt32LE(RATE, 24);
  wave.writeUInt32LE(RATE * 2, 28);
  wave.writeUInt16LE(2, 32);
  wave.writeUInt16LE(16, 34);
  wave.write('data', 36);
  wave.writeUInt32LE(RATE * 2, 40);
  for (let at = 0; at < RATE; at += 1) wave.writeInt16LE(Math.round(8192 * Math.sin((2 * Math.PI * hertz * at) / RATE)), 44 + at * 2);
  return wave;
}

/** Thirty pictures of a colour, with a lighter bar that moves. */
function picture([red, green, blue]: Look['colour']): Buffer {
  const [width, height] = [320, 240];
  const luma = Math.round(16 + 0.257 * red + 0.504 * green + 0.098 * blue);
  const chroma = [128 - 0.148 * red - 0.291 * green + 0.439 * blue, 128 + 0.439 * red - 0.368 * green - 0.071 * blue];
  const frames = [Buffer.from(`YUV4MPEG2 W${width} H${height} F15:1 Ip A1:1 C420jpeg\n`)];
  for (let frame = 0; frame < 30; frame += 1) {
    const lumas = Buffer.alloc(width * height, luma);
    for (let y = 0; y < height; y += 1) lumas.fill(Math.min(235, luma + 40), y * width + frame * 10, y * width + frame * 10 + 20);
    frames.push(Buffer.from('FRAME\n'), lumas, ...chroma.map((value) => Buffer.alloc((width * height) / 4, Math.round(value))));
  }
  return Buffer.concat(frames);
}
