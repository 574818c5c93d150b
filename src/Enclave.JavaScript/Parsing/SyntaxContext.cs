namespace Enclave.JavaScript.Parsing;

/// <summary>The syntax that is allowed at a place (the parameters of the grammar, ECMA-262 5.1.5, and the code around the place).</summary>
[Flags]
internal enum SyntaxContext : ushort
{
    None = 0,

    /// <summary>yield is an operator.</summary>
    Yield = 1,

    /// <summary>await is an operator.</summary>
    Await = 2,

    /// <summary>return is a statement.</summary>
    Return = 4,
    NewTarget = 8,
    SuperProperty = 16,
    SuperCall = 32,

    /// <summary>arguments cannot be used: a field's initial value or a static block (15.7.1).</summary>
    NoArguments = 64,

    /// <summary>await cannot be used, not even as a name: directly in a static block (15.7.1).</summary>
    NoAwait = 128,

    /// <summary>The values of an enum: this, arguments, await and yield cannot be used.</summary>
    Enum = 256,

    /// <summary>The flags that arrow functions inherit from the code around them.</summary>
    Inherited = NewTarget | SuperProperty | SuperCall | NoArguments | Enum,
}
