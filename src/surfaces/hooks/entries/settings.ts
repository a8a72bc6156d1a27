export { refreshTwin } from '../../../storage/settings.ts';
