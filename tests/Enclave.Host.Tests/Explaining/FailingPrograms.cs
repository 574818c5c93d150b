using System.Globalization;
using Enclave.Tests;

namespace Enclave.Host.Tests.Explaining;

/// <summary>Programs that fail: those of failures.txt, each in several surroundings and at several lines.</summary>
internal static class FailingPrograms
{
    private static readonly (string Name, bool IsAsync, string Before, string After)[] s_surroundings =
    [
        ("top", true, "", ""),
        ("function", false, "function outer(input) {", "}\nreturn outer(1);"),
        ("async arrow", true, "const run = async () => {", "};\nawait run();"),
        ("callback", false, "return [1].forEach((index) => {", "});"),
        ("method", true, "class Service { async run(input) {", "} }\nreturn await new Service().run('x');"),
        ("closure", false, "const build = (n) => () => {", "};\nfor (let turn = 0; turn < 3; turn++) { if (turn === 2) build(turn)(); }"),
        ("generator", false, "function* work() {", "}\nfor (const piece of work()) console.log(piece);"),
        ("then", true, "return await Promise.resolve(1).then(async (ok) => {", "});"),
        ("finally", true, "try {", "} finally { console.log('cleaned'); }"),
        ("switch", true, "const mode = 'go';\nswitch (mode) { case 'go': {", "} }"),
    ];

    /// <summary>Each program with the expression whose value caused its error.</summary>
    public static List<FailingProgram> Of(int count, Random random)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "tests/Enclave.Host.Tests/Explaining/failures.txt"));
        string[][] blocks = [.. text.Split("\n\n# ").Skip(1).Select((block) => block.Trim().Split('\n', 2))];
        var all = new List<FailingProgram>();
        for (int i = 0; i < count; i++)
        {
            string[] block = blocks[i % blocks.Length];
            string[] head = block[0].Split(" | ", 2);
            bool isAsync = head[1].EndsWith(" async", StringComparison.Ordinal);
            (string Name, bool IsAsync, string Before, string After)[] fitting = [.. s_surroundings.Where((one) => one.IsAsync || !isAsync)];
            (string name, _, string before, string after) = fitting[((i / blocks.Length) + (i * 3)) % fitting.Length];
            string[] parts = [Padding(random), before, Padding(random), block[1], after];
            string code = string.Join('\n', parts.Where((part) => part.Length > 0));
            all.Add(new FailingProgram($"{head[0]}, {name}", code, isAsync ? head[1][..^6] : head[1]));
        }

        return all;
    }

    /// <summary>Lines that have nothing to do with the error.</summary>
    private static string Padding(Random random) => string.Join('\n', Enumerable.Range(0, random.Next(4)).Select((_) =>
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"pad{random.Next(1_000_000)}");
        return random.Next(3) switch
        {
            0 => $"const {name} = [1, 2, 3].map((x) => x * 2);",
            1 => $"// {name}\nlet {name} = 0;\nfor (const x of [1, 2]) {name} += x;",
            _ => $"const {name} = {{ a: {{ b: '{name}' }} }};\nif ({name}.a.b === 'x') console.log({name});",
        };
    }));
}
