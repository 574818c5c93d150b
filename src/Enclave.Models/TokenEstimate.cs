namespace Enclave.Models;

/// <summary>Tokens without a model's tokenizer.</summary>
internal static class TokenEstimate
{
    /// <summary>Characters per token. Code and JSON have more, so that a budget in such tokens holds.</summary>
    public const int Characters = 3;

    /// <summary>Tokens of a text of this many characters, rounded up.</summary>
    public static int Of(int characters) => (characters + Characters - 1) / Characters;
}
