import { ask } from '../api/client';

/** Where people of a practice sign in: what `/config.json` says, which the operator writes beside the pages. */
export interface SignInConfig {
  practice: string;
  name: string;
  supportPhone?: string;
  issuer: string;
  clientId: string;
}

/** The practices that sign in at these pages' origin. */
export async function practices(): Promise<SignInConfig[]> {
  const { practices } = await ask<{ practices: SignInConfig[] }>({ method: 'GET', path: '/config.json' });
  return practices;
}
