using System.Reflection;
using System.Text;
using Enclave.Agents.AI;
using Enclave.Broker;
using Enclave.Broker.PostgreSql;
using Enclave.Client;
using Enclave.Extensions.AI;
using Enclave.Guard;
using Enclave.JavaScript.Parsing;
using Enclave.Mcp;
using Enclave.Mcp.AspNetCore;
using Enclave.Protocol;
using Enclave.RabbitMq;
using Enclave.Runtime;
using Enclave.SessionWire;
using Enclave.Streaming;
using Enclave.Tenants;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Architecture.UnitTests.PublicApi;

/// <summary>The public API, declaration by declaration (docs/versioning.md), and the reference that a release has of it.</summary>
public sealed class PublicApiTests
{
    private const string Remedy = "If that is meant, run eng/update-api.sh, read what changed and commit it; docs/versioning.md says which version it needs.";

    internal static readonly Assembly[] Shipped =
    [
        typeof(EnclaveHost).Assembly, typeof(ErrorCode).Assembly, typeof(OpenApiException).Assembly, typeof(ModelText).Assembly,
        typeof(DurableRun).Assembly,
        typeof(OpenApiService).Assembly,
        typeof(GuardPreset).Assembly, typeof(Parser).Assembly, typeof(ScriptValue).Assembly, typeof(TestEnclave).Assembly,
        typeof(BrokerOptions).Assembly, typeof(PostgreSqlStoreOptions).Assembly, typeof(RuntimeWorker).Assembly, typeof(QueueRuntime).Assembly,
        typeof(SessionEvent).Assembly, typeof(EnclaveClient).Assembly,
        typeof(AIToolExtensions).Assembly, typeof(EnclaveCodeActProvider).Assembly, typeof(McpToolSource).Assembly, typeof(McpEndpointOptions).Assembly,
        typeof(WireEvents).Assembly, typeof(EnclaveTenants).Assembly,
    ];

    private static readonly Lazy<XmlDocs> s_docs = new(() => new XmlDocs(Shipped));

    public static TheoryData<string> Assemblies => [.. Shipped.Select((assembly) => assembly.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void The_public_surface_is_the_one_that_was_agreed(string name) =>
        Compare(Path.Combine(Repository.Root, "tests", "Enclave.Architecture.UnitTests", "PublicApi", $"{name}.txt"), Surface(Find(name)));

    /// <summary>Writes the reference where ENCLAVE_REFERENCE names a folder (<c>eng/update-api.sh --reference</c>).</summary>
    [Theory]
    [MemberData(nameof(Assemblies))]
    public void The_reference_has_every_public_type(string name)
    {
        string page = ApiPage.Write(Find(name), s_docs.Value);

        if (Environment.GetEnvironmentVariable("ENCLAVE_REFERENCE") is { Length: > 0 } folder) File.WriteAllText(Path.Combine(folder, $"{name}.md"), page);
        Assert.All(Signatures.Types(Find(name)), (type) => Assert.Contains($"`{type.Namespace}` · `{Signatures.Of(type)}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_public_member_of_the_host_is_explained()
    {
        IEnumerable<string> silent = Shipped.Where((assembly) => assembly != typeof(Parser).Assembly).SelectMany(Signatures.Types)
            .Where((type) => string.IsNullOrWhiteSpace(XmlDocs.Text(s_docs.Value.Find(type)?.Element("summary")))).Select((type) => type.FullName!);

        Assert.Empty(silent);
    }

    private static Assembly Find(string name) => Shipped.Single((assembly) => assembly.GetName().Name == name);

    private static string Surface(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in Signatures.Types(assembly))
        {
            text.Append($"{type.Namespace}: {Signatures.Of(type)}\n");
            foreach ((_, string member) in Signatures.Members(type)) text.Append($"  {member}\n");
        }

        return text.ToString();
    }

    private static void Compare(string path, string expected)
    {
        if (Environment.GetEnvironmentVariable("ENCLAVE_UPDATE_API") == "1")
        {
            File.WriteAllText(path, expected);
            return;
        }

        string[] now = expected.Split('\n'), then = File.Exists(path) ? File.ReadAllText(path).Split('\n') : [];
        IEnumerable<string> changes = [.. then.Except(now).Select((line) => $"- {line}"), .. now.Except(then).Select((line) => $"+ {line}")];
        Assert.True(now.SequenceEqual(then), $"{Path.GetFileName(path)} is not current. {Remedy}\n{string.Join('\n', changes.Take(40))}");
    }
}
