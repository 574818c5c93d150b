namespace Enclave.JavaScript.Lexing;

/// <summary>Numbers of the names with a meaning in the grammar, equal in every <see cref="NameTable"/>. Reserved words follow, then common names.</summary>
internal static class KnownName
{
    public const int Arguments = 1;
    public const int As = 2;
    public const int Async = 3;
    public const int Await = 4;
    public const int Constructor = 5;
    public const int Eval = 6;
    public const int From = 7;
    public const int Get = 8;
    public const int Meta = 9;
    public const int Of = 10;
    public const int Prototype = 11;
    public const int Proto = 12;
    public const int Set = 13;
    public const int Target = 14;
    public const int Using = 15;

    // Reserved in strict code only (ECMA-262 12.7.2): one range.
    public const int FirstStrictReserved = 16;
    public const int Implements = 16;
    public const int Interface = 17;
    public const int Let = 18;
    public const int Package = 19;
    public const int Private = 20;
    public const int Protected = 21;
    public const int Public = 22;
    public const int Static = 23;
    public const int Yield = 24;
    public const int LastStrictReserved = 24;

    // Words of TypeScript. Those that may begin a statement are one range.
    public const int FirstTyped = 25;
    public const int Abstract = 25;
    public const int Declare = 26;
    public const int Global = 27;
    public const int Module = 28;
    public const int Namespace = 29;
    public const int TypeWord = 30;
    public const int LastTyped = 30;
    public const int Accessor = 31;
    public const int Asserts = 32;
    public const int Infer = 33;
    public const int Is = 34;
    public const int KeyOf = 35;
    public const int Out = 36;
    public const int Override = 37;
    public const int ReadOnly = 38;
    public const int Require = 39;
    public const int Satisfies = 40;
    public const int Unique = 41;

    // Keyword types. They are not references.
    public const int FirstKeywordType = 42;
    public const int LastKeywordType = 51;

    public static readonly string[] Contextual =
    [
        "", "arguments", "as", "async", "await", "constructor", "eval", "from", "get", "meta", "of", "prototype", "__proto__", "set", "target", "using",
        "implements", "interface", "let", "package", "private", "protected", "public", "static", "yield",
        "abstract", "declare", "global", "module", "namespace", "type",
        "accessor", "asserts", "infer", "is", "keyof", "out", "override", "readonly", "require", "satisfies", "unique",
        "any", "bigint", "boolean", "never", "number", "object", "string", "symbol", "undefined", "unknown",
    ];

    public static readonly (string Text, TokenType Type)[] Reserved =
    [
        ("break", TokenType.Break), ("case", TokenType.Case), ("catch", TokenType.Catch), ("class", TokenType.Class), ("const", TokenType.Const),
        ("continue", TokenType.Continue), ("debugger", TokenType.Debugger), ("default", TokenType.Default), ("delete", TokenType.Delete), ("do", TokenType.Do),
        ("else", TokenType.Else), ("enum", TokenType.Enum), ("export", TokenType.Export), ("extends", TokenType.Extends), ("false", TokenType.False),
        ("finally", TokenType.Finally), ("for", TokenType.For), ("function", TokenType.Function), ("if", TokenType.If), ("import", TokenType.Import),
        ("in", TokenType.In), ("instanceof", TokenType.InstanceOf), ("new", TokenType.New), ("null", TokenType.Null), ("return", TokenType.Return),
        ("super", TokenType.Super), ("switch", TokenType.Switch), ("this", TokenType.This), ("throw", TokenType.Throw), ("true", TokenType.True),
        ("try", TokenType.Try), ("typeof", TokenType.TypeOf), ("var", TokenType.Var), ("void", TokenType.Void), ("while", TokenType.While),
        ("with", TokenType.With),
    ];

    // Very common names: finding them in the table saves a string.
    public static readonly string[] Common =
    [
        "Array", "Boolean", "Date", "Error", "JSON", "Map", "Math", "Number", "Object", "Promise", "RegExp", "Set", "String", "Symbol",
        "call", "callTool", "concat", "console", "data", "e", "entries", "err", "error", "exports", "filter", "find", "forEach", "i", "id", "includes", "index",
        "item", "items", "j", "join", "k", "key", "keys", "length", "log", "map", "max", "message", "min", "n", "name", "now", "options", "parallel",
        "parse", "push", "reduce", "replace", "result", "results", "slice", "some", "sort", "split", "status", "stringify", "text", "then", "toString",
        "total", "trim", "user", "users", "value", "values", "x", "y",
    ];
}
