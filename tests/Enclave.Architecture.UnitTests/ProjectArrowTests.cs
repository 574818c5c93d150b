using System.Text.RegularExpressions;
using System.Xml.Linq;
using Enclave.Architecture.UnitTests.Layers;
using Enclave.Tests;

namespace Enclave.Architecture.UnitTests;

/// <summary>The allowed references between projects. A new arrow is a decision, and belongs into docs/architecture.md first.</summary>
public sealed class ProjectArrowTests
{
    private static readonly Dictionary<string, string[]> s_mayReference = new()
    {
        ["Enclave.Protocol"] = [],
        ["Enclave.JavaScript"] = [],
        ["Enclave.Streaming"] = [],
        ["Enclave.Guard"] = ["Enclave.JavaScript"],
        ["Enclave.Engine"] = [],
        ["Enclave.Analyzers"] = [],
        ["Enclave.Worker.Portable"] = ["Enclave.Protocol"],
        ["Enclave.Client"] = ["Enclave.Streaming"],
        ["Enclave.Workers"] = ["Enclave.Protocol"],
        ["Enclave.Schemas"] = ["Enclave.Protocol", "Enclave.Guard"],
        ["Enclave.Host"] = ["Enclave.Protocol", "Enclave.Workers", "Enclave.Guard", "Enclave.Schemas"],
        ["Enclave.Durable"] = ["Enclave.Host"],
        ["Enclave.Models"] = ["Enclave.Host"],
        ["Enclave.OpenApi"] = ["Enclave.Host"],
        ["Enclave.SessionWire"] = ["Enclave.Host", "Enclave.Streaming"],
        ["Enclave.Runtime"] = ["Enclave.Host", "Enclave.SessionWire", "Enclave.Streaming"],
        ["Enclave.Broker"] =
            ["Enclave.Host", "Enclave.Durable", "Enclave.OpenApi", "Enclave.SessionWire", "Enclave.Streaming", "Enclave.Tenants"],
        ["Enclave.Broker.PostgreSql"] = ["Enclave.Broker"],
        ["Enclave.RabbitMq"] = ["Enclave.Broker", "Enclave.Runtime"],
        ["Enclave.Tenants"] = ["Enclave.Host", "Enclave.Durable"],
        ["Enclave.Testing"] = ["Enclave.Host"],
        ["Enclave.Extensions.AI"] = ["Enclave.Host", "Enclave.Durable", "Enclave.Models"],
        ["Enclave.Agents.AI"] = ["Enclave.Extensions.AI"],
        ["Enclave.Mcp"] = ["Enclave.Host", "Enclave.Durable", "Enclave.Models"],
        ["Enclave.Mcp.AspNetCore"] = ["Enclave.Mcp"],
        ["Enclave.Cli"] =
        [
            "Enclave.Host", "Enclave.Runtime", "Enclave.Broker", "Enclave.Broker.PostgreSql", "Enclave.RabbitMq", "Enclave.Mcp", "Enclave.Mcp.AspNetCore",
            "Enclave.Durable", "Enclave.JavaScript", "Enclave.Models", "Enclave.OpenApi", "Enclave.Tenants",
        ],
    };

    // The worker is C++ (eng/setup.sh builds it).
    private static readonly string[] s_withoutProject = ["Enclave.Worker"];

    public static TheoryData<string> Projects =>
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select((folder) => Path.GetFileName(folder)).Except(s_withoutProject)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_lies_below_it(string project)
    {
        Assert.True(s_mayReference.ContainsKey(project), $"{project} has no place in the architecture yet");
        XDocument file = Load(project);

        IEnumerable<string> references = file.Descendants("ProjectReference").Select(Name);

        Assert.Empty(references.Except(s_mayReference[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_architecture_page_shows_each_arrow_and_no_other(string project)
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        Match row = Regex.Match(page, $@"^\| `{Regex.Escape(project)}` \|[^|]+\| ([^|]+) \|$", RegexOptions.Multiline);
        Assert.True(row.Success, $"docs/architecture.md has no row for {project}");

        string[] shown = [.. row.Groups[1].Value.Split('(')[0]
            .Split(',', StringSplitOptions.TrimEntries).Where((name) => name != "nothing").Select((name) => $"Enclave.{name}")];

        Assert.Equal(Load(project).Descendants("ProjectReference").Select(Name).Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_worker_holds_no_dotnet() =>
        Assert.Equal(
            // CMake's files are text and JSON.
            [".cc", ".h", ".js", ".json", ".md", ".txt"],
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Enclave.Worker"), "*", SearchOption.AllDirectories)
                .Select((file) => Path.GetExtension(file)).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void The_protocol_has_no_packages() => Assert.Empty(Load("Enclave.Protocol").Descendants("PackageReference"));

    [Fact]
    public void The_host_does_not_know_the_web() =>
        Assert.DoesNotContain(Load("Enclave.Host").Descendants("FrameworkReference"), (reference) =>
            ((string)reference.Attribute("Include")!).Contains("AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void Package_versions_stand_in_one_file()
    {
        foreach (string file in SourceFiles.Projects)
        {
            Assert.DoesNotContain(XDocument.Load(file).Descendants("PackageReference"), (reference) => reference.Attribute("Version") is not null);
        }
    }

    private static XDocument Load(string project) => XDocument.Load(Path.Combine(Repository.Root, "src", project, $"{project}.csproj"));

    private static string Name(XElement reference) => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/'));
}
