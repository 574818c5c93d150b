namespace Enclave.Cli.Parse;

/// <summary>What is shown of a program.</summary>
internal enum ParseView
{
    /// <summary>The tree, as ESTree.</summary>
    Tree,

    /// <summary>The tokens.</summary>
    Tokens,

    /// <summary>The scopes.</summary>
    Scopes,

    /// <summary>The program as text again.</summary>
    Text,
}
