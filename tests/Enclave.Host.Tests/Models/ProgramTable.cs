using Enclave.Tests;

namespace Enclave.Host.Tests.Models;

/// <summary>
/// Programs as models write them for a service with tools (programs/*.txt, a file for each kind; <c>=== name | task</c> opens one; those in typed-*.txt are
/// TypeScript).
/// </summary>
internal static class ProgramTable
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Enclave.Host.Tests", "Models", "programs");

    public static string VerdictFile { get; } = Path.Combine(Folder, "verdicts.txt");

    public static IReadOnlyList<ModelTask> All { get; } = [.. Read()];

    private static IEnumerable<ModelTask> Read()
    {
        foreach (string file in Directory.GetFiles(Folder, "*.txt").Order(StringComparer.Ordinal))
        {
            string kind = Path.GetFileNameWithoutExtension(file);
            if (kind == "verdicts") continue;
            foreach (string part in $"\n{File.ReadAllText(file)}".Split("\n=== ").Skip(1))
            {
                int line = part.IndexOf('\n', StringComparison.Ordinal);
                string[] head = part[..line].Split(" | ", 2);
                yield return new ModelTask($"{kind} / {head[0]}", head[1], part[(line + 1)..], kind.StartsWith("typed", StringComparison.Ordinal));
            }
        }
    }
}

/// <summary>A task for a model, and the program that it wrote.</summary>
/// <param name="Name">Its kind and its name.</param>
/// <param name="Task">What the model was asked for.</param>
/// <param name="Source">The program.</param>
/// <param name="IsTyped">True if it is TypeScript.</param>
internal sealed record ModelTask(string Name, string Task, string Source, bool IsTyped);
