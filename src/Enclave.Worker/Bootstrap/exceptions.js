// DOMException: https://webidl.spec.whatwg.org/#idl-DOMException. An error with a stack, as in node. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { create, defineProperty, getOwnPropertyDescriptors, defineProperties } = Object;
  const { construct } = Reflect;
  const ErrorType = Error, TypeErrorType = TypeError, PromiseType = Promise;
  const names = [
    'IndexSizeError', '', 'HierarchyRequestError', 'WrongDocumentError', 'InvalidCharacterError', '', 'NoModificationAllowedError', 'NotFoundError',
    'NotSupportedError', 'InUseAttributeError', 'InvalidStateError', 'SyntaxError', 'InvalidModificationError', 'NamespaceError', 'InvalidAccessError', '',
    'TypeMismatchError', 'SecurityError', 'NetworkError', 'AbortError', 'URLMismatchError', 'QuotaExceededError', 'TimeoutError', 'InvalidNodeTypeError',
    'DataCloneError',
  ];
  const constants = [
    'INDEX_SIZE', 'DOMSTRING_SIZE', 'HIERARCHY_REQUEST', 'WRONG_DOCUMENT', 'INVALID_CHARACTER', 'NO_DATA_ALLOWED', 'NO_MODIFICATION_ALLOWED', 'NOT_FOUND',
    'NOT_SUPPORTED', 'INUSE_ATTRIBUTE', 'INVALID_STATE', 'SYNTAX', 'INVALID_MODIFICATION', 'NAMESPACE', 'INVALID_ACCESS', 'VALIDATION', 'TYPE_MISMATCH',
    'SECURITY', 'NETWORK', 'ABORT', 'URL_MISMATCH', 'QUOTA_EXCEEDED', 'TIMEOUT', 'INVALID_NODE_TYPE', 'DATA_CLONE',
  ];
  const codes = { __proto__: null };
  for (let i = 0; i < names.length; i++) if (names[i] !== '') codes[names[i]] = i + 1;

  // Adds private members to the error that is given.
  class Given {
    constructor(error) { return error; }
  }
  class Parts extends Given {
    #message;
    #name;
    constructor(error, message, name) {
      super(error);
      this.#message = message;
      this.#name = name;
    }

    static messageOf(error) { return error.#message; }
    static nameOf(error) { return error.#name; }
    static isOne(value) { return #name in value; }
  }
  const { messageOf, nameOf } = Parts;

  function DOMException() {
    if (new.target === undefined) throw new TypeErrorType("Class constructor DOMException cannot be invoked without 'new'");
    const message = arguments[0] === undefined ? '' : `${arguments[0]}`, given = arguments[1];
    // Options in the place of the name may have a cause.
    const isRecord = typeof given === 'object' && given !== null;
    const name = isRecord ? given.name : given;
    const error = new Parts(construct(ErrorType, [message], new.target), message, name === undefined ? 'Error' : `${name}`);
    // V8 makes the text of a stack when it is first read, and takes the message from the error itself. Afterwards the message is the prototype's.
    void error.stack;
    delete error.message;
    if (isRecord && 'cause' in given) {
      defineProperty(error, 'cause', { __proto__: null, value: given.cause, writable: true, enumerable: false, configurable: true });
    }
    return error;
  }
  const members = {
    get name() { return nameOf(this); },
    get message() { return messageOf(this); },
    get code() { return codes[nameOf(this)] ?? 0; },
  };
  const prototype = defineProperties(create(ErrorType.prototype), getOwnPropertyDescriptors(members));
  const own = (object, key, value) => defineProperty(object, key, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
  own(prototype, 'constructor', DOMException);
  defineProperty(prototype, Symbol.toStringTag, { __proto__: null, value: 'DOMException', configurable: true });
  defineProperty(DOMException, 'prototype', { __proto__: null, value: prototype, writable: false });
  for (let i = 0; i < constants.length; i++) {
    const constant = { __proto__: null, value: i + 1, writable: false, enumerable: true, configurable: false };
    defineProperty(DOMException, `${constants[i]}_ERR`, constant);
    defineProperty(prototype, `${constants[i]}_ERR`, constant);
  }
  own(globalThis, 'DOMException', DOMException);

  bridges.exception = (message, name) => new DOMException(message, name);
  bridges.isException = Parts.isOne;

  // An error that no script could catch where it was thrown: it ends the run like an unhandled rejection.
  bridges.fail = (error) => { new PromiseType((_, reject) => reject(error)); };
  const { reportError } = {
    reportError(error) {
      if (arguments.length === 0) throw new TypeErrorType('reportError needs the error');
      bridges.fail(error);
    },
  };
  own(globalThis, 'reportError', reportError);
})
