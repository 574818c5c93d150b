using Enclave.Tests;

namespace Enclave.Attacks.Tests.Escapes;

/// <summary>
/// Programs of each known class of escapes (attacks.txt). <c># name</c> begins a class. A line is <c>refused | program</c>. The first part says where the
/// rules refuse it: <c>everywhere</c>, <c>below</c> PERMISSIVE, or <c>nowhere</c>. A program returns or prints ESCAPED if it succeeded.
/// </summary>
internal static class EscapeTable
{
    // The programs try to use what they find to create code, or to get something that no script has.
    public const string Loot =
        "const loot = (f) => { try { return typeof f('return 1')() === 'undefined' ? 'nothing' : 'ESCAPED' } catch (e) { return `nothing: ${e.name}` } }; ";

    private static readonly string s_file = Path.Combine(Repository.Root, "tests", "Enclave.Attacks.Tests", "Escapes", "attacks.txt");

    public static IReadOnlyList<Attack> All { get; } = [.. Read()];

    public static IEnumerable<string> Classes => All.Select((attack) => attack.Class).Distinct();

    public static IEnumerable<Attack> Of(string name) => All.Where((attack) => attack.Class == name);

    private static IEnumerable<Attack> Read()
    {
        string name = "";
        foreach (string line in File.ReadLines(s_file))
        {
            if (line.Length == 0) continue;
            if (line[0] == '#')
            {
                name = line[2..];
                continue;
            }

            string[] parts = line.Split(" | ", 2);
            yield return new Attack(name, parts[0].Trim(), Loot + parts[1]);
        }
    }

    internal sealed record Attack(string Class, string Refused, string Code);
}
