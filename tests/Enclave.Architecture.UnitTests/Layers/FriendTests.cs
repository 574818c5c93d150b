using System.Xml.Linq;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>
/// Projects under <c>src</c> see the internal types of another only along this list. All packages have one version. Tests and benchmarks may be friends.
/// </summary>
public sealed class FriendTests
{
    private static readonly (string Project, string[] Friends, string Why)[] s_graph =
    [
        ("Enclave.Broker", ["Enclave.Broker.PostgreSql", "Enclave.Cli", "Enclave.RabbitMq"], "stores, transports, and the pages of a broker's operator"),
        ("Enclave.Durable", ["Enclave.Agents.AI", "Enclave.Broker", "Enclave.Broker.PostgreSql", "Enclave.Cli", "Enclave.Mcp", "Enclave.Tenants"],
            "stores, sessions of brokers, questions of clients, and replays of other scripts"),
        ("Enclave.Extensions.AI", ["Enclave.Agents.AI"], "one function that runs code"),
        ("Enclave.Guard", ["Enclave.Cli", "Enclave.Durable", "Enclave.Host", "Enclave.Models", "Enclave.Schemas", "Enclave.Tenants"],
            "a host examines scripts; the command line shows findings; names of globals; programs in answers; calls that tools do not take any more"),
        ("Enclave.Host",
        [
            "Enclave.Agents.AI", "Enclave.Broker", "Enclave.Broker.PostgreSql", "Enclave.Cli", "Enclave.Durable", "Enclave.Extensions.AI", "Enclave.Mcp",
            "Enclave.Mcp.AspNetCore", "Enclave.Models", "Enclave.OpenApi", "Enclave.RabbitMq", "Enclave.Runtime", "Enclave.SessionWire",
            "Enclave.Tenants", "Enclave.Testing",
        ], "arguments and failures of tools, checks of options, logs, limits of requests; the parts of a worker that a unit test plays"),
        ("Enclave.Mcp", ["Enclave.Cli", "Enclave.Mcp.AspNetCore"], "what a client is told; settings of one request, and whose answers it takes"),
        ("Enclave.Models", ["Enclave.Agents.AI", "Enclave.Cli", "Enclave.Extensions.AI", "Enclave.Mcp"], "answers for models, and their limits"),
        ("Enclave.OpenApi", ["Enclave.Broker", "Enclave.Cli"], "the tools of a service as a broker shows them; options of the command line"),
        ("Enclave.Protocol",
        [
            "Enclave.Durable", "Enclave.Host", "Enclave.Models", "Enclave.OpenApi", "Enclave.Schemas", "Enclave.Tenants", "Enclave.Testing",
            "Enclave.Worker.Portable", "Enclave.Workers",
        ], "values; both ends of the pipes"),
        ("Enclave.Runtime", ["Enclave.Cli"], "the bound on connections without a secret holds for the port of metrics, too"),
        ("Enclave.Schemas", ["Enclave.Cli", "Enclave.Host", "Enclave.Mcp", "Enclave.OpenApi", "Enclave.Tenants"],
            "schemas of tools, of services, of servers, and of parameters"),
        ("Enclave.SessionWire", ["Enclave.Broker", "Enclave.Runtime"], "both ends of a session"),
        ("Enclave.Streaming",
        [
            "Enclave.Broker", "Enclave.Broker.PostgreSql", "Enclave.Cli", "Enclave.Client", "Enclave.RabbitMq", "Enclave.Runtime", "Enclave.SessionWire",
        ], "all ends of a session; its codes"),
        ("Enclave.Tenants", ["Enclave.Broker", "Enclave.Broker.PostgreSql", "Enclave.Cli"], "policies and usage, which operators read and change; their store"),
        ("Enclave.Workers", ["Enclave.Cli", "Enclave.Durable", "Enclave.Host", "Enclave.Models", "Enclave.Tenants", "Enclave.Testing"],
            "a host has workers; the command line looks at the machine; texts that people read; locks of files"),
    ];

    [Fact]
    public void Projects_are_friends_only_along_the_list()
    {
        IEnumerable<string> friends = SourceProjects.Compiled
            .SelectMany((project) => Friends(project).Where(SourceProjects.Compiled.Contains).Select((friend) => $"{project} -> {friend}"));

        Assert.Equal(s_graph.SelectMany((entry) => entry.Friends.Select((friend) => $"{entry.Project} -> {friend}")), friends);
    }

    private static IEnumerable<string> Friends(string project) =>
        XDocument.Load(Path.Combine(SourceProjects.Folder, project, $"{project}.csproj"))
            .Descendants("InternalsVisibleTo").Select((friend) => (string)friend.Attribute("Include")!)
            .Concat(SourceProjects.Files(project).SelectMany(InFile));

    private static IEnumerable<string> InFile(string file) =>
        File.ReadLines(file)
            .Where((line) => line.Contains("InternalsVisibleTo(\"", StringComparison.Ordinal)).Select((line) => line.Split('"')[1].Split(',')[0]);
}
