namespace Enclave.JavaScript.Parsing;

/// <summary>The kind of a function.</summary>
[Flags]
internal enum FunctionForm : byte
{
    Plain = 0,
    Async = 1,
    Generator = 2,
    AsyncGenerator = Async | Generator,
}

/// <summary>Says if a function has to have a body.</summary>
internal enum BodyRule : byte
{
    Needed,

    /// <summary>In TypeScript, for an overload, or for an abstract or ambient method.</summary>
    MayBeMissing,
}

/// <summary>Says if two parameters may have one name.</summary>
internal enum ParameterRule : byte
{
    /// <summary>In sloppy code, a simple list may name a parameter twice (15.1.1).</summary>
    MayRepeat,
    Unique,
}
