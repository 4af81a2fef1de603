import { mount } from '../../shared/view/mount';
import { Lander } from './lander';

await mount(Lander);
