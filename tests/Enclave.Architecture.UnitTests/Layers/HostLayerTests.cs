using System.Text.RegularExpressions;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>The folders of the library's larger projects are the layers that their READMEs list, in that order.</summary>
public sealed partial class HostLayerTests
{
    public static TheoryData<string> Projects => [.. SourceProjects.Layered];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_is_listed_and_uses_only_those_before_it(string project)
    {
        string[] order = [.. Listed().Matches(File.ReadAllText(Path.Combine(SourceProjects.Folder, project, "README.md")))
            .Select((layer) => layer.Groups[1].Value.TrimEnd('/')).Select((layer) => layer == project ? layer : $"{project}/{layer}")];

        FolderGraph graph = FolderGraph.OfProject(project);

        Assert.Equal(graph.Folders.Order(StringComparer.Ordinal), order.Order(StringComparer.Ordinal));
        Assert.Empty(graph.Against(order));
    }

    [Fact]
    public void An_arrow_against_the_order_is_named_with_its_types()
    {
        const string ring = "Layers/Circles/Ring/";
        FolderGraph graph = FolderCircleTests.Fixtures.Value;

        string[] against = [.. graph.Against([$"{ring}First", $"{ring}Second", $"{ring}Third"])];

        Assert.Equal([$"{ring}First → {ring}Second: RingFirst → RingSecond", $"{ring}Second → {ring}Third: RingSecond → RingThird"], against);
    }

    [GeneratedRegex(@"^\d+\. `((?:\w+/)+|Enclave\.(?:Durable|Host))`:", RegexOptions.Multiline)]
    private static partial Regex Listed();
}
