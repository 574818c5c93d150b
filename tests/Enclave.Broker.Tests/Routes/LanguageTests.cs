using System.Net;
using System.Text.Json;
using Enclave.Runtime;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Routes;

/// <summary>A request may name the language of its script.</summary>
public sealed class LanguageTests
{
    private const string Typed = "const n: number = 2; return n";

    /// <summary>Two comparisons in JavaScript, a call in TypeScript.</summary>
    private const string Ambiguous = "const a = (x) => 'called', b = 1; return a < b > (1)";

    public static TheoryData<string, string?, string> Scripts => new()
    {
        { Typed, null, "2" },
        { Typed, "either", "2" },
        { Typed, "typescript", "2" },
        { Typed, "javascript", "VALIDATION_ERROR" },
        { Ambiguous, null, "false" },
        { Ambiguous, "javascript", "false" },
        { Ambiguous, "typescript", "\"called\"" },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task It_is_read_as_such(string code, string? language, string expected)
    {
        await using BrokerApp app = await BrokerApp.Open();

        Assert.Contains(expected, (await app.Run(code, Member(language))).Final().Value(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runtime_is_told_it()
    {
        await using RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(
            new RuntimeWorkerOptions { Port = 0, SecurityLevel = SecurityLevel.Standard });
        await Within.Deadline(runtime.StartAsync(), "start of the runtime");
        await using BrokerApp app = await BrokerApp.Over((options) => options.Runtimes.Add(runtime.Address!));

        foreach (TheoryDataRow<string, string?, string> row in Scripts)
        {
            (string code, string? language, string expected) = row.Data;
            Assert.Contains(expected, (await app.Run(code, Member(language))).Final().Value(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"python\"")]
    [InlineData("\"TypeScript\"")]
    [InlineData("\"\"")]
    [InlineData("1")]
    [InlineData("[\"javascript\"]")]
    public async Task Another_one_is_refused(string language)
    {
        await using BrokerApp app = await BrokerApp.Open();

        using HttpResponseMessage response = await app.Post($$"""{ "code": "return 1", "language": {{language}} }""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("language must be javascript, typescript or either",
            JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("message").GetString());
    }

    private static string Member(string? language) => language is null ? "" : $", \"language\": \"{language}\"";
}
