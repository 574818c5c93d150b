using Enclave.Guard.Options;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Transforms;

/// <summary>The transformed text for each form of the language: tables/*.txt, a line is <c>program ⇒ text that runs</c>.</summary>
public sealed class TransformTableTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "Enclave.Guard.UnitTests", "Transforms", "tables");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(s_folder, "*.txt").Select((file) => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Programs_become_the_text_beside_them(string file)
    {
        List<string> wrong = [];
        foreach ((int line, string source, string expected) in Read(file))
        {
            string text = Transformed.Text(source);
            if (text != expected) wrong.Add($"line {line}:\n{source} ⇒ {text}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Permissive_checks_no_keys() =>
        Assert.Equal("o[k]=p[q]++;const{[x]:y}=o;return y;", Transformed.Text("o[k] = p[q]++; const { [x]: y } = o; return y", GuardLevel.Permissive));

    private static IEnumerable<(int Line, string Source, string Expected)> Read(string file)
    {
        int number = 0;
        foreach (string line in File.ReadLines(Path.Combine(s_folder, $"{file}.txt")))
        {
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            string[] parts = line.Split(" ⇒ ", 2);
            yield return (number, parts[0], parts[1]);
        }
    }
}
