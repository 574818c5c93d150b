namespace Enclave.JavaScript.Parsing;

/// <summary>Reads ECMAScript.</summary>
public sealed partial class Parser
{
    /// <summary>Reads a text.</summary>
    public static ParseResult Parse(string source, ParserOptions? options = null) => throw new NotSupportedException();
}
