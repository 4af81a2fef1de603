import { mount } from '../../shared/view/mount';
import { Check } from './check';

await mount(Check);
