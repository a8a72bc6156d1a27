import { runSessionEnd } from '../session-end.ts';

runSessionEnd();
