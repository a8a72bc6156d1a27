export { endLocks, lockForWrite, tendLocks } from '../lock-hooks.ts';
