export { endLocks } from '../lock-ends.ts';
export { endTestCall, lockForCall, tendLocks } from '../lock-hooks.ts';
