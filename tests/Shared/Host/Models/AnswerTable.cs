using Enclave.Tests;

namespace Enclave.Host.Tests.Models;

/// <summary>
/// Answers as models write them (answers/*.txt, a file for each kind; <c>=== name</c> opens one), and the value of each (expected.txt; <c>-</c> for one that
/// needs something that no script here has).
/// </summary>
internal static class AnswerTable
{
    public const string Nothing = "-";

    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "Enclave.Host.Tests", "Models", "answers");

    public static string VerdictFile { get; } = Path.Combine(s_folder, "verdicts.txt");

    public static IReadOnlyList<Answer> All { get; } = [.. Read()];

    private static IEnumerable<Answer> Read()
    {
        Dictionary<string, string> expected = File.ReadLines(Path.Combine(s_folder, "expected.txt"))
            .Select((line) => line.Split(" | ", 2)).ToDictionary((pair) => pair[0], (pair) => pair[1]);
        foreach (string file in Directory.GetFiles(s_folder, "*.txt").Order(StringComparer.Ordinal))
        {
            string kind = Path.GetFileNameWithoutExtension(file);
            if (kind is "expected" or "verdicts") continue;
            foreach (string part in $"\n{File.ReadAllText(file)}".Split("\n=== ").Skip(1))
            {
                int line = part.IndexOf('\n', StringComparison.Ordinal);
                string name = $"{kind} / {part[..line]}";
                yield return new Answer(name, part[(line + 1)..], expected[name]);
            }
        }
    }
}

/// <summary>An answer of a model.</summary>
/// <param name="Name">Its kind and its name.</param>
/// <param name="Text">The whole text that the model sent.</param>
/// <param name="Value">Its value, as JSON.</param>
internal sealed record Answer(string Name, string Text, string Value);
