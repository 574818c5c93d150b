using Enclave.Tests;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>The folders of a project form layers: a folder may use those below it, never one that uses it.</summary>
public sealed class FolderCircleTests
{
    public static TheoryData<string> Projects => [.. SourceProjects.Compiled];

    /// <summary>The graph of this project, which has circles on purpose.</summary>
    internal static Lazy<FolderGraph> Fixtures { get; } = new(() => FolderGraph.Read(typeof(FolderCircleTests).Assembly.Location,
        Path.Combine(Repository.Root, "tests", "Enclave.Architecture.UnitTests", "Layers", "Circles"), "/Enclave.Architecture.UnitTests/"));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_do_not_use_each_other_in_a_circle(string project)
    {
        FolderGraph graph = FolderGraph.OfProject(project);
        Assert.NotEmpty(graph.Folders);
        Assert.True(graph.Scattered.Count == 0, $"A type stands in one folder, but: {string.Join(", ", graph.Scattered)}");
        IReadOnlyList<IReadOnlyList<string>> circles = graph.Circles();

        Assert.True(circles.Count == 0, string.Join("\n\n", circles.Select((circle) => graph.Describe(circle, examples: 4))));
    }

    [Fact]
    public void A_circle_is_reported_with_its_folders_and_types()
    {
        const string fixtures = "Layers/Circles/";
        FolderGraph graph = Fixtures.Value;

        IReadOnlyList<string>[] circles = [.. graph.Circles().Where((circle) => circle[0].StartsWith(fixtures, StringComparison.Ordinal))];

        Assert.Equal(
            [
                "Attributes/Lower Attributes/Upper", "Bodies/Lower Bodies/Upper", "Closures/Lower Closures/Upper", "Constants/Lower Constants/Upper",
                "Generics/Lower Generics/Upper", "Ring/First Ring/Second Ring/Third", "Shapes/Lower Shapes/Upper", "Usings/Lower Usings/Upper",
            ],
            circles.Select((circle) => string.Join(' ', circle.Select((folder) => folder[fixtures.Length..]))));
        string text = string.Join('\n', circles.Select((circle) => graph.Describe(circle, examples: 4)));
        Assert.All(
            [
                "MarkedLower → MarkUpperAttribute", "BodyLower → BodyUpper", "ClosureLower → ClosureUpper", "GenericLower → GenericUpper",
                "ShapeLower → ShapeUpper", "ConstantLower → ConstantUpper", "UsingLower.cs: using Enclave.Architecture.UnitTests.Layers.Circles.Usings.Upper",
                "RingFirst → RingSecond", "RingSecond → RingThird", "RingThird → RingFirst",
            ],
            (arrow) => Assert.Contains(arrow, text, StringComparison.Ordinal));
    }
}
