using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Host.Tests.Models;
using Enclave.Host.Tests.Schemas;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.OpenApi;

/// <summary>The declarations for models of public documents, judged by typescript's compiler.</summary>
public sealed class PublicDeclarationTests : IDisposable
{
    private static readonly string s_examples = Path.Combine(Repository.Root, "artifacts", "npm", "openapi-interop", "node_modules", "@readme", "oas-examples");
    private static readonly string[] s_methods = ["get", "put", "post", "delete", "options", "head", "patch"];

    private readonly ServiceBench _bench = new();

    public static TheoryData<string> Documents => Directory.Exists(s_examples)
        ? [.. ((string[])["3.0", "3.1"]).SelectMany((version) => Directory.EnumerateFiles(Path.Combine(s_examples, version, "json"), "*.json",
            SearchOption.AllDirectories)).Select((file) => Path.GetRelativePath(s_examples, file)).Order(StringComparer.Ordinal)]
        : ["(not installed)"];

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Their_declarations_for_models_compile()
    {
        Need();
        var programs = new List<(string, string)>();
        foreach (string document in Documents.Select((row) => row.Data))
        {
            OpenApiService service = await _bench.Load(await File.ReadAllTextAsync(Path.Combine(s_examples, document)));
            var options = new EnclaveOptions();
            options.Tools.Add(service);
            await using var host = new EnclaveHost(options);
            programs.Add((host.DescribeForModel(), "return 1"));
        }

        string[][] faults = await TypeScriptCompiler.Check([.. programs]);

        Assert.True(programs.Count > 40, $"{programs.Count} documents");
        Assert.All(faults.Zip(Documents), (one) => Assert.True(one.First.Length == 0, $"{one.Second}: {string.Join("; ", one.First)}"));
    }

    private static void Need()
    {
        if (!Directory.Exists(s_examples)) Assert.Skip($"{s_examples} is not there: ./test.sh installs it");
    }
}
