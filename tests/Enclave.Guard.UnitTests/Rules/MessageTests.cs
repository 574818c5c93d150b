using Enclave.Guard.Answers;
using Enclave.Guard.Options;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Rules;

/// <summary>
/// Wrong programs as models write them, with words of the message that names the mend (messages.txt). The same table for the run: Enclave.Host.Tests/Models.
/// </summary>
public sealed class MessageTests(ITestOutputHelper output)
{
    private const int LeastPrograms = 120, MostWords = 120;

    private static readonly string s_file =
        Path.Combine(Repository.Root, "tests", "Enclave.Guard.UnitTests", "Rules", "messages.txt");

    [Fact]
    public void Every_one_names_the_mend()
    {
        (string Words, string Code)[] programs = [.. Programs()];
        var options = new GuardOptions { ToolNames = ["crm:get", "crm:list_customers", "mail:send"] };
        List<string> unnamed = [];
        foreach ((string words, string code) in programs)
        {
            string message = Message(code, options);
            if (!message.Contains(words, StringComparison.Ordinal)) unnamed.Add($"{code}\n  wants: {words}\n  got: {message}");
            Assert.True(message.Split(' ').Length <= MostWords, message);
        }

        output.WriteLine($"{programs.Length} programs");
        Assert.True(unnamed.Count == 0, string.Join("\n\n", unnamed));
        Assert.True(programs.Length >= LeastPrograms, $"{programs.Length} programs");
    }

    /// <summary>The first message that a model gets: the refusal of its answer, or the first issue of the guard.</summary>
    private static string Message(string code, GuardOptions options)
    {
        ExtractedProgram found = AnswerText.Read(code);
        if (found.Source is null && found.IsProgram) return found.Refusal!;
        GuardIssue? issue = Judged.Issues(found.Source ?? code, options, GuardPreset.JavaScript)
            .FirstOrDefault((issue) => issue.Hint is not null || issue.Message.Contains(';', StringComparison.Ordinal));
        return $"{issue?.Message} {issue?.Hint}";
    }

    private static IEnumerable<(string Words, string Code)> Programs()
    {
        foreach (string part in File.ReadAllText(s_file).Split("### ", StringSplitOptions.RemoveEmptyEntries))
        {
            int end = part.IndexOf('\n', StringComparison.Ordinal);
            yield return (part[..end].Trim(), part[(end + 1)..].TrimEnd('\n'));
        }
    }
}
