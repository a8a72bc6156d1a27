export { beginEvidence, endEvidence } from '../evidence.ts';
