namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>One published file that the compiler and we treat differently. Every other file must have the same verdict and the same tree.</summary>
/// <param name="File">The package and the path in it.</param>
/// <param name="Kind">The kind of the difference.</param>
/// <param name="Theirs">A part of the compiler's tree or message at the place of the difference.</param>
/// <param name="Ours">A part of ours at the same place.</param>
/// <param name="Reason">The reason why ours stays as it is.</param>
internal sealed record PublishedDeviation(string File, Difference Kind, string Theirs, string Ours, string Reason)
{
    public static ImmutableArray<PublishedDeviation> All { get; } =
    [
        new("viem/utils/chain/getChainContractAddress.ts", Difference.TreesDiffer,
            """
            "name":"contract"},"init":{"type":"ChainExpression","expression":{"type":"MemberExpression","object":{"type":"MemberExpression"
            """,
            """
            "name":"contract"},"init":{"type":"ChainExpression","expression":{"type":"MemberExpression","object":{"type":"ChainExpression"
            """,
            "the compiler drops the parentheses of '(chain?.contracts as T)?.[name]' together with the type, and makes one chain of two"),
    ];

    public bool Explains(Finding found) => found.Kind == Kind && Contains(found.Theirs, Theirs) && Contains(found.Ours, Ours);

    private static bool Contains(string? text, string part) => text?.Contains(part, StringComparison.Ordinal) == true;
}
