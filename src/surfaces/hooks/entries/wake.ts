import { runWake } from '../wake.ts';

runWake();
