import { runSession } from '../session.ts';

runSession();
