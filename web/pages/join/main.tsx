import { mount } from '../../shared/view/mount';
import { bare, wayOf } from './address';
import { Confirm } from './confirm';
import { JoinFlow } from './flow';
import { Join, Lost } from './join';

const way = wayOf(location);
// Before anything else: no secret in the bar, in the history or on a screenshot.
history.replaceState(null, '', bare(way));

switch (way.kind) {
  case 'link':
  case 'code': {
    const flow = new JoinFlow(way);
    // Asked for while the texts are on their way.
    const opened = flow.open();
    await mount(() => <Join flow={flow} />);
    await opened;
    break;
  }
  case 'confirm':
    await mount(() => <Confirm challengeId={way.challengeId} secret={way.secret} />);
    break;
  case 'nothing':
    await mount(Lost);
}

// A link that is opened in the same tab is another way in.
addEventListener('hashchange', () => location.reload());
