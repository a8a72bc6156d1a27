/**
 * What stands before a bundle's code: a plain word where Node is too old. In the oldest JavaScript, since it must be
 * understood by the Node that is too old for the rest.
 */

const OLDEST = 20;

const SENTENCE = `'coord needs Node.js ${OLDEST} or newer; this is ' + process.version + ' (' + process.execPath + '). Install a newer one, or put it first on the PATH.\\n'`;

/**
 * Node makes a face for `import` of each of its modules that is required, which nobody here looks at: 0.1 ms for `fs`
 * and for each time it is asked for again. Without it where Node offers that.
 */
const QUICK_REQUIRE = `
require = (function (load, find) { return function (id) { return (find && find(id)) || load(id); }; })(require, process.getBuiltinModule);`;

/** Exit code 1: to a hook's client an error that it shows and goes on from, to a shell a refusal. */
export function preamble(): string {
  return `if (parseInt(process.versions.node, 10) < ${OLDEST}) { process.stderr.write(${SENTENCE}); process.exit(1); }${QUICK_REQUIRE}`;
}

/**
 * The guard blocks when it fails, and outside a coordinated project it has nothing to block: there a Node that is too
 * old must not keep anybody from writing.
 */
export function guardPreamble(): string {
  return `if (parseInt(process.versions.node, 10) < ${OLDEST}) {
  (function () {
    var fs = require('fs'), path = require('path');
    function read(file) { try { return fs.readFileSync(file, 'utf8'); } catch (e) { return ''; } }
    for (var at = process.cwd(); ; at = path.dirname(at)) {
      var link = /^gitdir: (.*?)[\\\\/]\\.git[\\\\/]worktrees[\\\\/]/.exec(read(path.join(at, '.git')));
      var home = link ? path.resolve(at, link[1]) : at;
      if (fs.existsSync(path.join(home, '.coordination', 'roster'))) { process.stderr.write(${SENTENCE}); process.exit(2); }
      if (path.dirname(at) === at) process.exit(0);
    }
  })();
}${QUICK_REQUIRE}`;
}
