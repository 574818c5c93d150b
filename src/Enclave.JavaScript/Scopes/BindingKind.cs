namespace Enclave.JavaScript.Scopes;

/// <summary>The declaration that makes a <see cref="Binding"/>.</summary>
public enum BindingKind : byte
{
    /// <summary>var, or a function in a block of sloppy code that is a variable of its function too (Annex B.3.2).</summary>
    Var,

    /// <summary>let</summary>
    Let,

    /// <summary>const</summary>
    Const,

    /// <summary>using or await using</summary>
    Using,

    /// <summary>A class declaration.</summary>
    Class,

    /// <summary>A function declaration.</summary>
    Function,

    /// <summary>A parameter.</summary>
    Parameter,

    /// <summary>The parameter of a catch clause.</summary>
    CatchParameter,

    /// <summary>An import.</summary>
    Import,

    /// <summary>The arguments object of a function that mentions it (10.2.11, step 22).</summary>
    Arguments,

    /// <summary>The name of a function expression, inside the function.</summary>
    FunctionName,

    /// <summary>The name of a class, inside the class.</summary>
    ClassName,
}
