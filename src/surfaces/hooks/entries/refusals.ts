export { printRefusal } from '../../wording/refusals.ts';
