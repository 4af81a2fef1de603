import { mount } from '../../shared/view/mount';
import { Join } from './join';

await mount(Join);
