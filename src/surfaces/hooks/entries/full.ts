/** All that reads documents, for the command line and for the hooks of a session: one bundle, since both need it all. */
export { explain, FULL_COMMANDS, printProblem } from '../../cli/full.ts';
export { runSession } from '../session.ts';
