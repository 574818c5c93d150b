using System.Diagnostics.CodeAnalysis;

namespace Enclave.Guard.Issues;

/// <summary>Bounds the texts of an issue: they repeat names of the script, and a name may be as long as a script.</summary>
internal static class IssueText
{
    /// <summary>UTF-16 units of a message, a hint or a detail.</summary>
    public const int MaxLength = 1_000;

    private const int KeptEnd = 300;

    /// <summary>Leaves out the middle of a text that is too long. The name is there; the sentence around it stays.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Cut(string? text)
    {
        if (text is null || text.Length <= MaxLength) return text;
        (int head, int tail) = (MaxLength - KeptEnd - 1, text.Length - KeptEnd);
        if (char.IsHighSurrogate(text[head - 1])) head--;
        if (char.IsLowSurrogate(text[tail])) tail++;
        return string.Concat(text.AsSpan(0, head), "…", text.AsSpan(tail));
    }

    /// <summary>Cuts the texts among the details.</summary>
    public static IReadOnlyDictionary<string, object> Cut(IReadOnlyDictionary<string, object> data) =>
        data.Values.Any((value) => value is string { Length: > MaxLength })
            ? data.ToImmutableDictionary((detail) => detail.Key, (detail) => detail.Value is string text ? Cut(text) : detail.Value)
            : data;
}
