namespace Enclave.JavaScript.Ast;

/// <summary>The goal symbol with which a text is parsed (ECMA-262 16).</summary>
public enum SourceGoal : byte
{
    /// <summary>A script: sloppy until a directive says otherwise, no import or export.</summary>
    Script,

    /// <summary>A module: strict, with import, export and await at top level.</summary>
    Module,
}

/// <summary>The keyword of a <see cref="VariableDeclaration"/>.</summary>
public enum VariableKind : byte
{
    /// <summary>var</summary>
    Var,

    /// <summary>let</summary>
    Let,

    /// <summary>const</summary>
    Const,

    /// <summary>using</summary>
    Using,

    /// <summary>await using</summary>
    AwaitUsing,
}

/// <summary>The kind of definition that a <see cref="Property"/> of an object literal makes.</summary>
public enum PropertyKind : byte
{
    /// <summary>A value or a method.</summary>
    Init,

    /// <summary>A getter.</summary>
    Get,

    /// <summary>A setter.</summary>
    Set,
}

/// <summary>The kind of definition that a <see cref="MethodDefinition"/> of a class makes.</summary>
public enum MethodKind : byte
{
    /// <summary>The constructor.</summary>
    Constructor,

    /// <summary>A method.</summary>
    Method,

    /// <summary>A getter.</summary>
    Get,

    /// <summary>A setter.</summary>
    Set,
}
