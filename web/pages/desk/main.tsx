import './desk.css';
import { mount } from '../../shared/view/mount';
import { DeskPage } from './desk';

await mount(DeskPage, ['everyone', 'desk']);
