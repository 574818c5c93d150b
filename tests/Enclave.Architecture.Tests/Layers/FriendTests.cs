using System.Xml.Linq;

namespace Enclave.Architecture.Tests.Layers;

/// <summary>
/// Projects under <c>src</c> see the internal types of another only along this list. All packages have one version. Tests and benchmarks may be friends.
/// </summary>
public sealed class FriendTests
{
    private static readonly (string Project, string Friend)[] s_friends =
    [
        // Both limit the requests of their clients, in the same way.
        ("Enclave.Host", "Enclave.Broker"),
        ("Enclave.Host", "Enclave.Mcp.AspNetCore"),
        // It plays a worker in the process of a unit test: launcher, process and connection of a worker are nobody else's to replace.
        ("Enclave.Host", "Enclave.Testing"),
        // It is the other side of the same messages, and writes values from the engine's text instead of objects.
        ("Enclave.Protocol", "Enclave.Worker.Portable"),
    ];

    [Fact]
    public void Projects_are_friends_only_along_the_list()
    {
        (string Project, string Friend)[] friends = [.. SourceProjects.Compiled.SelectMany((project) => Friends(project).Select((friend) => (project, friend)))
            .Where((pair) => SourceProjects.Compiled.Contains(pair.friend))];

        Assert.Equal(s_friends, friends);
    }

    private static IEnumerable<string> Friends(string project) =>
        XDocument.Load(Path.Combine(SourceProjects.Folder, project, $"{project}.csproj"))
            .Descendants("InternalsVisibleTo").Select((friend) => (string)friend.Attribute("Include")!)
            .Concat(SourceProjects.Files(Path.Combine(SourceProjects.Folder, project)).SelectMany(InFile));

    private static IEnumerable<string> InFile(string file) =>
        File.ReadLines(file)
            .Where((line) => line.Contains("InternalsVisibleTo(\"", StringComparison.Ordinal)).Select((line) => line.Split('"')[1].Split(',')[0]);
}
