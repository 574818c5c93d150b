namespace Enclave.Cli.Parse;

/// <summary>The views of a program.</summary>
internal enum ParseView
{
    /// <summary>The tree, as ESTree.</summary>
    Tree,

    /// <summary>The tokens.</summary>
    Tokens,

    /// <summary>The scopes.</summary>
    Scopes,

    /// <summary>The program's text.</summary>
    Text,
}
