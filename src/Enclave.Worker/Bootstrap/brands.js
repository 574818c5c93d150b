// Objects of the platform whose data is in none of their properties: how they cross as values (docs/values.md), and how the console shows them. Runs once,
// when the start-up snapshot is made, before the files that make such objects.
(function (bridges) {
  'use strict';
  const { getPrototypeOf, getOwnPropertyDescriptor, hasOwn, keys } = Object;
  const { apply } = Reflect;
  const { toStringTag } = Symbol;
  const all = globalThis, IteratorPrototype = Iterator.prototype;
  const brands = [], slotted = [];

  // `is` tests for private members. `form` makes the value that crosses; if it is a text, the text says what to send instead. `show` makes the text for a
  // console line.
  bridges.brand = (name, is, form, show = form) => { brands[brands.length] = { __proto__: null, name, is, form, show }; };

  // Types of the language, each with a method that throws for objects of other types and gives the text of its own.
  const slot = (name, type, method, hasForm) => {
    slotted[slotted.length] = { __proto__: null, name, method: type.prototype[method], hasForm };
  };
  // V8 adds its newest types to a context after the snapshot, so the worker calls this before the first script.
  bridges.learnTypes = () => {
    slot('Intl.Locale', Intl.Locale, 'toString', true);
    const types = [
      'Instant', 'PlainDate', 'PlainDateTime', 'PlainTime', 'PlainYearMonth', 'PlainMonthDay', 'ZonedDateTime', 'Duration',
    ];
    for (let i = 0; i < types.length && typeof all.Temporal === 'object'; i++) slot(`Temporal.${types[i]}`, all.Temporal[types[i]], 'toJSON', true);
    const formats = [
      'Collator', 'DateTimeFormat', 'DisplayNames', 'DurationFormat', 'ListFormat', 'NumberFormat', 'PluralRules', 'RelativeTimeFormat', 'Segmenter',
    ];
    for (let i = 0; i < formats.length; i++) if (Intl[formats[i]] !== undefined) slot(`Intl.${formats[i]}`, Intl[formats[i]], 'resolvedOptions', false);
  };

  function slottedOf(value) {
    for (let i = 0; i < slotted.length; i++) {
      try {
        const made = apply(slotted[i].method, value, []);
        return { __proto__: null, name: slotted[i].name, form: slotted[i].hasForm ? made : undefined };
      } catch {
        // Another kind.
      }
    }
    return undefined;
  }

  function inherits(value, prototype) {
    for (let at = getPrototypeOf(value); at !== null; at = getPrototypeOf(at)) if (at === prototype) return true;
    return false;
  }

  // The types of fetch are a library's (Enclave.Host/Fetch), so only their prototypes tell them.
  const libraries = {
    __proto__: null, Response: 'await response.json(), text() or bytes()', Request: 'its url, method and headers', ReadableStream: 'the bytes that it gives',
  };
  function libraryOf(value) {
    for (const name in libraries) {
      const global = getOwnPropertyDescriptor(all, name);
      if (global === undefined || global.writable !== false || typeof global.value !== 'function') continue;
      if (inherits(value, global.value.prototype) && keys(value).length === 0) return name;
    }
    return undefined;
  }

  // The value that crosses for an object, in an array; or two texts, what it is and what to send instead; undefined for any other object, whose members cross.
  // Ordinary objects have no slots of the language's own.
  bridges.formOf = (value, isOrdinary) => {
    for (let i = 0; i < brands.length; i++) {
      if (!brands[i].is(value)) continue;
      const { name, form } = brands[i];
      return typeof form === 'string' ? [name, form] : [form(value)];
    }
    if (isOrdinary) {
      const name = libraryOf(value);
      return name === undefined ? undefined : [name, libraries[name]];
    }
    const known = slottedOf(value);
    if (known !== undefined) return known.form === undefined ? [known.name, 'the text that it makes'] : [known.form];
    return inherits(value, IteratorPrototype) && keys(value).length === 0 ? ['Iterator', 'an array of what it gives, [...iterator]'] : undefined;
  };

  // The types that are tested here have a toStringTag, so an object without one is none of them.
  function isTagged(value) {
    for (let at = value; at !== null; at = getPrototypeOf(at)) if (hasOwn(at, toStringTag)) return true;
    return false;
  }

  // What a console line shows of such an object: its name, and a text or an object of members. Undefined for other objects.
  bridges.shownOf = (value) => {
    for (let i = 0; i < brands.length; i++) {
      if (!brands[i].is(value)) continue;
      const { name, show } = brands[i];
      return { __proto__: null, name, data: typeof show === 'function' ? show(value) : '' };
    }
    const known = isTagged(value) ? slottedOf(value) : undefined;
    return known === undefined ? undefined : { __proto__: null, name: known.name, data: known.form ?? '' };
  };
})
