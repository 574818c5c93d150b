using System.Diagnostics.CodeAnalysis;

namespace Enclave.Guard;

/// <summary>Types of arguments that the text of a call can show.</summary>
[Flags]
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The names are those of JavaScript.")]
public enum ArgumentTypes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A string or template.</summary>
    String = 1,

    /// <summary>A number.</summary>
    Number = 2,

    /// <summary>true, false, or a negation.</summary>
    Boolean = 4,

    /// <summary>An object literal.</summary>
    Object = 8,

    /// <summary>An array literal.</summary>
    Array = 16,

    /// <summary>A function.</summary>
    Function = 32,

    /// <summary>A string, number, boolean, null, big integer or regular expression written in the call.</summary>
    Literal = 64,

    /// <summary>Any argument, even if the text does not show its type.</summary>
    Any = 128,
}
