using System.Text.RegularExpressions;

namespace Enclave.Architecture.Tests.Documents;

/// <summary>A block of C# in a page.</summary>
/// <param name="GivenTypes">Declarations of types that the block leaves out; empty for none.</param>
/// <param name="Code">The text of the block.</param>
internal sealed partial record SampleBlock(string GivenTypes, string Code)
{
    /// <summary>The variables of its line <c>// Given:</c>, written as parameters; empty for none.</summary>
    public string GivenVariables { get; } = Given().Match(Code).Groups[1].Value;

    /// <summary>The names of its lines <c>// Left out:</c>.</summary>
    public string LeftOut { get; } = string.Join(' ', LeftOutLine().Matches(Code).Select((line) => line.Groups[1].Value));

    public string FirstLine => Code.Split('\n')[0];

    [GeneratedRegex("^// Given: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Given();

    [GeneratedRegex("^// Left out: (.+)$", RegexOptions.Multiline)]
    private static partial Regex LeftOutLine();
}
