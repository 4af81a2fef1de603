import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

type Json = Record<string, any>;

/** What a lander, a desk and a phone see of the laptop, by its API alone. */
export class Practice {
  private constructor(
    readonly url: string,
    private readonly program: ChildProcess,
    readonly keys: Json,
  ) {}

  /** Starts the real program on free ports. */
  static async open(...flags: string[]): Promise<Practice> {
    const root = resolve(import.meta.dirname, '../../..');
    const target = process.env['CARGO_TARGET_DIR'] ?? resolve(root, 'target');
    const program = process.env['BEDSIDE_LOCAL'] ?? resolve(target, 'debug/bedside-local');
    if (!existsSync(program)) throw new Error(`${program} is not built: cargo build --workspace --bin bedside-local`);
    // The pages of this folder, wherever the program was built.
    const child = spawn(program, ['--port', '0', '--aws-port', '0', '--media-port', '0', '--web', resolve(root, 'web/dist/laptop'), ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise<string>((done, failed) => {
      let said = '';
      child.stdout.on('data', (piece: Buffer) => {
        said += piece.toString();
        const found = /API and controls +(\S+)/.exec(said)?.[1];
        if (found) done(found);
      });
      child.on('exit', (status) => failed(new Error(`the laptop ended with ${status}: ${said}`)));
    });
    const keys = (await (await fetch(`${url}/local/keys`)).json()) as Json;
    return new Practice(url, child, keys);
  }

  close(): void {
    this.program.kill('SIGTERM');
  }

  async ask(method: string, path: string, bearer: string | null, body?: unknown): Promise<{ status: number; body: Json }> {
    const headers: Record<string, string> = { 'Content-Type': 'application/json' };
    if (bearer) headers['Authorization'] = `Bearer ${bearer}`;
    const response = await fetch(this.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    return { status: response.status, body: text ? (JSON.parse(text) as Json) : {} };
  }

  async must(method: string, path: string, bearer: string | null, body?: unknown): Promise<Json> {
    const answer = await this.ask(method, path, bearer, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async token(role: string, sub?: string): Promise<string> {
    const { accessToken } = await this.must('POST', '/local/token', null, { role, ...(sub ? { sub } : {}) });
    return accessToken;
  }

  async local(path: string, body: unknown = {}): Promise<Json> {
    return this.must('POST', `/local/${path}`, null, body);
  }

  /** The laptop's time. */
  async now(): Promise<number> {
    return Date.parse((await this.must('GET', '/local/clock', null))['now']);
  }

  async forget(): Promise<void> {
    await this.local('limits', { reset: true });
  }

  /** A visit of a patient and a clinician of its own, so that tests do not meet; it is open unless told otherwise. */
  async visit(wanted: Json = {}, patient: Json = {}, clinician: Json = {}): Promise<Visit> {
    const mark = randomUUID().replaceAll('-', '').slice(0, 10);
    const digits = String(Math.floor(Math.random() * 10_000)).padStart(4, '0');
    const admin = await this.token('admin');
    const clinicianId = `dr-${mark}`;
    const patientId = `p-${mark}`;
    const phone = `+1212556${digits}`;
    await this.must('PUT', `/api/clinicians/${clinicianId}`, admin, {
      givenName: 'Jane', familyName: 'Rivera', title: 'Dr.', email: `${clinicianId}@example.com`, phone: '+12125550143',
      licensedStates: ['NY'], timezone: 'America/New_York', ...clinician,
    });
    await this.must('PUT', `/api/patients/${patientId}`, admin, {
      givenName: 'Ann', familyName: 'Lee', phone, email: `${patientId}@example.com`, state: 'NY', timezone: 'America/New_York', locale: 'en-US', ...patient,
    });
    const { startsIn = 600_000, ...rest } = wanted;
    const at = Math.ceil(((await this.now()) + startsIn) / 300_000) * 300_000;
    const visit = await this.must('POST', '/api/visits', this.keys['secretKey'], {
      patientId, clinicianId, scheduledAt: new Date(at).toISOString().replace('.000', ''), duration: 15, ...rest,
    });
    return new Visit(this, visit, clinicianId, patientId, phone);
  }
}

/** One visit, as its desk and its phone have it. */
export class Visit {
  readonly id: string;

  constructor(
    readonly practice: Practice,
    readonly made: Json,
    readonly clinicianId: string,
    readonly patientId: string,
    readonly phone: string,
  ) {
    this.id = made['visitId'];
  }

  /** Another visit of the same two, so many minutes after this one. */
  async another(minutes: number): Promise<Visit> {
    const scheduledAt = new Date(Date.parse(this.made['scheduledAt']) + minutes * 60_000).toISOString();
    const made = await this.practice.must('POST', '/api/visits', this.practice.keys['secretKey'], {
      patientId: this.patientId, clinicianId: this.clinicianId, duration: 15, scheduledAt,
    });
    return new Visit(this.practice, made, this.clinicianId, this.patientId, this.phone);
  }

  /** The links by role; asked for again they are new, and the old ones stop. */
  async links(roles: string[] = ['patient'], more: Json = {}): Promise<Json> {
    return this.practice.must('POST', `/api/visits/${this.id}/links`, this.practice.keys['secretKey'], { roles, ...more });
  }

  async patientLink(): Promise<string> {
    return (await this.links())['patient'].link;
  }

  async messages(to: string = this.phone): Promise<Json[]> {
    return (await this.practice.must('GET', `/local/messages?to=${encodeURIComponent(to)}`, null))['messages'];
  }

  /** The six digits of the newest text. */
  async code(): Promise<string> {
    const found = (await this.messages()).map((message) => /\b\d{6}\b/.exec(message['text'])?.[0]).find(Boolean);
    if (!found) throw new Error('no text has a code');
    return found;
  }

  async doctor(): Promise<string> {
    return this.practice.token('clinician', this.clinicianId);
  }

  /** The clinician comes in by sign-in. */
  async clinicianStarts(): Promise<Json> {
    return this.practice.must('POST', `/api/visits/${this.id}/start-authenticated`, await this.doctor(), {});
  }

  async participants(): Promise<Json[]> {
    return (await this.practice.must('GET', `/api/visits/${this.id}/participants`, await this.doctor()))['participants'];
  }

  /** What the desk does with whoever has a role. */
  async desk(act: 'admit' | 'reject' | 'remove', role = 'patient'): Promise<void> {
    const who = (await this.participants()).find((participant) => participant['role'] === role);
    await this.practice.must('POST', `/api/visits/${this.id}/participants/${who?.['participantId']}/${act}`, await this.doctor());
  }

  async end(more: Json = {}): Promise<void> {
    await this.practice.must('POST', `/api/visits/${this.id}/end`, await this.doctor(), { endReason: 'completed', ...more });
  }

  async cancel(): Promise<void> {
    await this.practice.must('POST', `/api/visits/${this.id}/cancel`, await this.doctor());
  }

  async audit(): Promise<string[]> {
    const { events } = await this.practice.must('GET', `/api/visits/${this.id}/audit?limit=100`, await this.practice.token('auditor'));
    return (events as Json[]).map((event) => event['type']);
  }
}
