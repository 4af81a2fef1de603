import { mount } from '../../shared/view/mount';
import { PortalFlow } from './flow';
import { Portal } from './portal';

const flow = new PortalFlow();
const opened = flow.open();
await mount(() => <Portal flow={flow} />);
await opened;
