using System.Text;
using System.Text.RegularExpressions;
using Enclave.Guard.Options;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Answers;

/// <summary>Finds the program in a model's answer.</summary>
internal static partial class AnswerText
{
    /// <summary>The largest script that any level takes, in UTF-16 units.</summary>
    public const int MaxLength = 10 << 20;

    private const int MaxFirstLine = 1_000;

    /// <summary>Reads an answer. Time and memory grow linearly with the answer's length. Beyond the CPU limit of PERMISSIVE no more of it is parsed.</summary>
    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    public static ExtractedProgram Read(string answer, CancellationToken cancellationToken = default)
    {
        if (answer.Length > MaxLength)
            return Refused($"The answer has more than {MaxLength} characters: send a shorter program, and large data through a tool.");
        string text = answer.StartsWith('\ufeff') ? answer[1..] : answer;
        if (string.IsNullOrWhiteSpace(text)) return Refused("The answer is empty: send a program.");
        // An answer is read before the host and its level are known.
        TimeSpan limit = new GuardSettings { Level = GuardLevel.Permissive }.CpuLimit(text.Length);
        return Read(text, new WorkMeter(limit, ThreadCpuTime.Now, cancellationToken), isInner: false);
    }

    private static ExtractedProgram Read(string text, WorkMeter meter, bool isInner)
    {
        if (AnswerWraps.BehindThoughts(text) is var (answered, behind))
        {
            if (string.IsNullOrWhiteSpace(answered)) return Refused("The answer has thoughts and no script: send the script alone, without them.");
            ExtractedProgram found = Read(answered, meter, isInner);
            return found with { FirstLine = found.FirstLine + behind - 1 };
        }

        if (!isInner && (AnswerWraps.OfJson(text) ?? ToolCallText.CodeOf(text)) is { } named) return Read(named, meter, isInner: true);
        if (ToolCallText.Refusal(text) is { } call) return Refused(call);
        FencedBlocks blocks = FencedBlocks.In(text);
        // An answer that is a program from its first line may contain fences in comments and templates: these are not blocks of code.
        if (!blocks.IsEmpty && ProgramForm.CoveredTextOf(text, meter) is { } covered) blocks = FencedBlocks.In(text, covered);
        BlockCount candidates = blocks.Tagged.Count > 0 ? blocks.Tagged : blocks.Plain.Count + blocks.Others.Count > 0 ? blocks.Plain : blocks.Inline;
        if (candidates.Count == 1)
            return OfBlock(blocks.ContentOf(candidates.First), candidates.First.Tag, meter) with { FirstLine = candidates.First.Line };
        if (candidates.Count > 1) return Refused(
            $"The answer has {candidates.Count} blocks of code, and it is unclear which of them is the program: send the whole program in one block.");
        if (blocks.Others.Count == 1 && ToolCallText.Refusal(blocks.ContentOf(blocks.Others.First)) is { } inBlock) return Refused(inBlock);
        if (blocks.Others.Count > 0) return Refused(
            $"The answer has a block of {Shown(blocks.Others.First.Tag)} and none of JavaScript: send the program in one block that begins with ```js.");
        ExtractedProgram whole = ProgramForm.Of(text, "", meter);
        if (whole.IsProgram) return whole;
        if (!isInner && AnswerWraps.OfTags(text) is { } inner) return Read(inner, meter, isInner: true);
        foreach ((string reading, int line) in AnswerWraps.Readings(text, BeginsAsCode))
        {
            if (ProgramForm.Of(reading, "", meter) is { IsProgram: true } found) return found with { FirstLine = line };
        }

        // Code with a mistake goes to the guard unchanged, and the guard reports the place of the mistake.
        return BeginsAsCode(text) ? whole
            : Refused("The answer is not a program: send the program alone, or in one block that begins with ```js.") with { IsProgram = false };
    }

    /// <summary>The program of a block: unchanged, or with typographic signs replaced by those of JavaScript.</summary>
    private static ExtractedProgram OfBlock(string content, string tag, WorkMeter meter)
    {
        ExtractedProgram whole = ProgramForm.Of(content, tag, meter);
        if (whole.IsProgram) return whole;
        if (ToolCallText.Refusal(content) is { } call) return Refused(call);
        foreach (string plain in AnswerWraps.Signs(content))
        {
            if (ProgramForm.Of(plain, tag, meter) is { IsProgram: true } found) return found;
        }

        return whole;
    }

    /// <summary>True if the first line of a text is one of JavaScript, not of prose: it begins as a statement does.</summary>
    private static bool BeginsAsCode(string text)
    {
        ReadOnlySpan<char> line = text.AsSpan().TrimStart();
        line = line[..Math.Min(line.Length, MaxFirstLine)];
        int end = line.IndexOfAny('\n', '\r');
        return FirstOfCode().IsMatch(end < 0 ? line : line[..end]);
    }

    // A word that declares something or begins a statement and what it needs, a comment, or a name that is called or assigned.
    [GeneratedRegex(
        @"^(?:(?:const|let|var|class|enum|type|interface|function|async)\s+[\w$\[{(]|(?:if|for|while|switch)\s*\(|(?:return|await|throw)\b.*[(;\[{'\d]" +
        @"|try\s*\{|export\s|import\s.*['{]|//|/\*|['""]use strict|[\w$.]+(?:\(|\s*=[^=]))",
        RegexOptions.CultureInvariant)]
    private static partial Regex FirstOfCode();

    internal static ExtractedProgram Refused(string why) => new(null, why);

    /// <summary>Quotes the model's own tag, which may be any text.</summary>
    private static string Shown(string tag)
    {
        var shown = new StringBuilder("'");
        foreach (char c in tag) shown.Append(char.IsLetterOrDigit(c) || c is '-' or '_' or '+' or '#' or '.' ? c : '?');
        return shown.Append('\'').ToString();
    }
}

/// <summary>A program that was found in an answer, or the reason why there is none.</summary>
/// <param name="Source">The text that runs; null if there is none.</param>
/// <param name="Refusal">Why there is none, and what to send instead.</param>
internal sealed record ExtractedProgram(string? Source, string? Refusal = null)
{
    /// <summary>The line of the answer, from 1, in which the program starts.</summary>
    public int FirstLine { get; init; } = 1;

    /// <summary>
    /// False if the text does not parse. A faulty text from a block goes to the guard as well: the guard says where it breaks off. A whole answer whose first
    /// line is code goes to the guard too; other answers that do not parse are refused.
    /// </summary>
    public bool IsProgram { get; init; } = true;

    /// <summary>True if the block says that it is TypeScript.</summary>
    public bool IsTyped { get; init; }
}
