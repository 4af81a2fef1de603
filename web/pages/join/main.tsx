import { bare } from '../../shared/early/address';
import { firstLook, way } from '../../shared/early/early';
import { preferredLanguage } from '../../shared/i18n/language';
import { readyTimes } from '../../shared/i18n/time';
import { mount } from '../../shared/view/mount';
import { Confirm } from './confirm';
import { JoinFlow } from './flow';
import { Join, Lost } from './join';

/** What is there by then counts as there at once. */
const SOON_MS = 500;

switch (way.kind) {
  case 'link':
  case 'code': {
    const flow = new JoinFlow(way, firstLook());
    // Looked at while the texts are on their way.
    const opened = flow.open();
    readyTimes(preferredLanguage());
    // Whoever sees the visit at once need not be told first that it is looked for.
    await Promise.race([opened, new Promise((done) => setTimeout(done, SOON_MS))]);
    await mount(() => <Join flow={flow} />);
    await opened;
    break;
  }
  case 'confirm': {
    const { challengeId, secret } = way;
    await mount(() => <Confirm challengeId={challengeId} secret={secret} />);
    break;
  }
  case 'nothing':
    history.replaceState(null, '', bare(way));
    await mount(Lost);
}

// A link that is opened in the same tab is another way in.
addEventListener('hashchange', () => location.reload());
