import './demo.css';
import { mount } from '../../shared/view/mount';
import { Demo } from './demo';

await mount(Demo);
