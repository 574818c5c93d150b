using Enclave.JavaScript.Tests.Corpus;

namespace Enclave.JavaScript.Tests.Fuzz;

/// <summary>The texts that mutations start from: the committed ones, and pieces of the corpus if it is installed.</summary>
internal static class Seeds
{
    private const int Megabytes = 2;
    private const int LongestPiece = 2_000;

    public static IReadOnlyList<string> All { get; } = [.. Written(), .. Installed.IsComplete ? Installed.Files(Megabytes).SelectMany(Pieces) : []];

    private static IEnumerable<string> Written() =>
        File.ReadAllText(NodeScript.Oracle("seeds.txt")).Split("----\n").Select((text) => text.TrimEnd('\n'));

    // Cut at line ends, so that most pieces begin with something complete.
    private static IEnumerable<string> Pieces(string path)
    {
        string text = Installed.Read(path);
        for (int at = 0; at < text.Length;)
        {
            int end = Math.Min(text.Length, at + LongestPiece);
            int line = end == text.Length ? -1 : text.LastIndexOf('\n', end - 1, end - at);
            if (line > at) end = line + 1;
            yield return text[at..end];
            at = end;
        }
    }
}
