using System.Xml.Linq;
using Enclave.Tests;

namespace Enclave.Architecture.Tests;

/// <summary>Which project may know which. An arrow that is not here is a decision, and belongs into docs/architecture.md first.</summary>
public sealed class ProjectArrowTests
{
    private static readonly Dictionary<string, string[]> s_mayReference = new()
    {
        ["Enclave.Protocol"] = [],
        ["Enclave.JavaScript"] = [],
        ["Enclave.Streaming"] = [],
        ["Enclave.Guard"] = ["Enclave.JavaScript"],
        ["Enclave.Worker"] = ["Enclave.Protocol"],
        ["Enclave.Engine"] = [],
        ["Enclave.Client"] = ["Enclave.Streaming"],
        ["Enclave.Host"] = ["Enclave.Protocol", "Enclave.Guard"],
        ["Enclave.Runtime"] = ["Enclave.Host", "Enclave.Streaming"],
        ["Enclave.Broker"] = ["Enclave.Host", "Enclave.Streaming"],
        ["Enclave.Broker.PostgreSql"] = ["Enclave.Broker"],
        ["Enclave.RabbitMq"] = ["Enclave.Broker", "Enclave.Runtime"],
        ["Enclave.Testing"] = ["Enclave.Host"],
        ["Enclave.Cli"] = ["Enclave.Host", "Enclave.Runtime", "Enclave.Broker", "Enclave.Broker.PostgreSql", "Enclave.RabbitMq", "Enclave.Client", "Enclave.Guard", "Enclave.JavaScript"],
    };

    // Shared has no project of its own: its files are compiled into those that name them.
    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select((folder) => Path.GetFileName(folder)).Where((name) => name != "Shared")];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_lies_below_it(string project)
    {
        Assert.True(s_mayReference.ContainsKey(project), $"{project} has no place in the architecture yet");
        XDocument file = Load(project);

        IEnumerable<string> references = file.Descendants("ProjectReference").Where((reference) => !IsCopiedOnly(reference)).Select(Name);

        Assert.Empty(references.Except(s_mayReference[project]));
    }

    [Fact]
    public void The_host_copies_the_worker_and_never_compiles_against_it()
    {
        XElement reference = Load("Enclave.Host").Descendants("ProjectReference").Single((candidate) => Name(candidate) == "Enclave.Worker");

        Assert.True(IsCopiedOnly(reference));
    }

    [Theory]
    [InlineData("Enclave.Protocol")]
    [InlineData("Enclave.Worker")]
    public void What_runs_in_a_worker_has_no_packages(string project) => Assert.Empty(Load(project).Descendants("PackageReference"));

    [Fact]
    public void The_host_does_not_know_the_web() =>
        Assert.DoesNotContain(Load("Enclave.Host").Descendants("FrameworkReference"), (reference) => ((string)reference.Attribute("Include")!).Contains("AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void Package_versions_stand_in_one_file()
    {
        foreach (string file in Directory.GetFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories).Where((file) => !file.Contains("/artifacts/", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain(XDocument.Load(file).Descendants("PackageReference"), (reference) => reference.Attribute("Version") is not null);
        }
    }

    private static XDocument Load(string project) => XDocument.Load(Path.Combine(Repository.Root, "src", project, $"{project}.csproj"));

    private static string Name(XElement reference) => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/'));

    private static bool IsCopiedOnly(XElement reference) => (string?)reference.Attribute("ReferenceOutputAssembly") == "false";
}
