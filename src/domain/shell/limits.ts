// Everything has a limit: a reading must end in a blink whatever it is given. Past a limit the reader says `depth` and stops there.
/** Longer command lines are read up to here. */
export const COMMAND_CHARS_MAX = 100_000;
/** Programs inside programs: `bash -c` in `bash -c`, `$( )` in `$( )`, functions calling functions. */
export const DEPTH_MAX = 8;
/** Compound commands inside compound commands, expansions inside expansions. */
export const NESTING_MAX = 48;
/** Commands and words read in all, loops and alternatives counted each time. */
export const STEPS_MAX = 10_000;
/** Characters of nested code parsed in all. */
export const PARSED_CHARS_MAX = 1_000_000;
/** What braces, loops and cross products may grow to. */
export const EXPANSION_MAX = 256;
/** Alternative states of the shell followed side by side. */
export const WORLDS_MAX = 12;
export const VARIABLES_MAX = 500;
/** Symlinks made and things moved. */
export const DETOURS_MAX = 200;
export const FINDINGS_MAX = 1_000;
export const DETAIL_CHARS_MAX = 120;
/** Longer values are taken for unknown. */
export const VALUE_CHARS_MAX = 20_000;
