using System.Text.RegularExpressions;

namespace Enclave.JavaScript.Tests.Differential;

/// <summary>A place where acorn 8.19 does not do what the language says, so that we differ from it on purpose.</summary>
/// <param name="What">What acorn does.</param>
/// <param name="Clause">The clause of ECMA-262 that says otherwise.</param>
/// <param name="Example">A text over which we differ for it, as a script.</param>
/// <param name="Explains">Whether a disagreement comes from it.</param>
internal sealed partial record AcornDeviation(string What, string Clause, string Example, Func<Disagreement, bool> Explains)
{
    public static IReadOnlyList<AcornDeviation> All { get; } =
    [
        new("a class expression is named eval or arguments", "15.7.1 with 13.1.1: all parts of a class are strict", "(class eval {})", (found) =>
            found.Kind == DisagreementKind.WeRefuse && ReservedClassName.IsMatch(found.Source)),
    ];

    public static AcornDeviation? Of(Disagreement found) => All.FirstOrDefault((deviation) => deviation.Explains(found));

    [GeneratedRegex(@"\bclass\s+(eval|arguments)\b")]
    private static partial Regex ReservedClassName { get; }
}
