// The script's handle for a large value that stayed in the host: data to read, and load() to fetch the value. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { callTool, guard } = bridges;
  const { defineProperty, freeze } = Object;

  // Without a prototype, so that converting it to text by mistake is an error and not "[object Object]". Native code marks it and freezes it.
  guard[2] = function (id, size, kind, preview) {
    const reference = { __proto__: null, id, size, kind, preview };
    const { load } = { load() { return callTool('enclave:load', { __proto__: null, reference }); } };
    return defineProperty(reference, 'load', { __proto__: null, value: freeze(load) });
  };
})
