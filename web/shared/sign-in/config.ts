import { ask } from '../api/client';

/** Where people of a practice sign in: what `/config.json` says, which the operator writes beside the pages. */
export interface SignInConfig {
  practice: string;
  name: string;
  supportPhone?: string;
  issuer: string;
  clientId: string;
  /** Where the panel of the practice's Amazon Connect instance is, for the desk. */
  connect?: ConnectConfig;
}

/** The Contact Control Panel of an Amazon Connect instance. */
export interface ConnectConfig {
  /** Its address, such as `https://lakeside.my.connect.aws/ccp-v2/`. */
  ccpUrl: string;
  /** Where agents sign in, where it is another address (SAML). */
  loginUrl?: string;
}

/** The practices that sign in at these pages' origin. */
export async function practices(): Promise<SignInConfig[]> {
  const { practices } = await ask<{ practices: SignInConfig[] }>({ method: 'GET', path: '/config.json' });
  return practices;
}
