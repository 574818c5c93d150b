namespace Enclave.JavaScript.Lexing;

/// <summary>The end of a piece of a template.</summary>
internal enum TemplateEnd : byte
{
    /// <summary>With the back quote that closes the template.</summary>
    Quote,

    /// <summary>With ${.</summary>
    Substitution,

    /// <summary>The text is malformed; the error is recorded.</summary>
    Failed,
}
