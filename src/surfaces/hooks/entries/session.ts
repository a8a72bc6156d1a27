import { loadCached } from '../code-cache.ts';

const { exports: full, keep } = loadCached<{ runSession(): void }>('full');
full.runSession();
keep();
