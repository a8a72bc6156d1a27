export { judgeInside, refuseOddPayload, refuseOutsider } from '../guard-inside.ts';
