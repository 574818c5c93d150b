using System.Xml.Linq;

namespace Enclave.Architecture.Tests.Layers;

/// <summary>
/// No project under <c>src</c> sees the internal types of another: what one needs of the other is public and documented. Tests and benchmarks may be friends.
/// </summary>
public sealed class FriendTests
{
    // It plays a worker in the process of a unit test: launcher, process and connection of a worker are nobody else's to replace.
    private static readonly (string Project, string Friend) s_exception = ("Enclave.Host", "Enclave.Testing");

    [Fact]
    public void No_project_is_the_friend_of_another()
    {
        (string Project, string Friend)[] friends = [.. SourceProjects.Compiled.SelectMany((project) => Friends(project).Select((friend) => (project, friend)))
            .Where((pair) => SourceProjects.Compiled.Contains(pair.friend))];

        Assert.Equal([s_exception], friends);
    }

    private static IEnumerable<string> Friends(string project) =>
        XDocument.Load(Path.Combine(SourceProjects.Folder, project, $"{project}.csproj"))
            .Descendants("InternalsVisibleTo").Select((friend) => (string)friend.Attribute("Include")!)
            .Concat(SourceProjects.Files(Path.Combine(SourceProjects.Folder, project)).SelectMany(InFile));

    private static IEnumerable<string> InFile(string file) =>
        File.ReadLines(file)
            .Where((line) => line.Contains("InternalsVisibleTo(\"", StringComparison.Ordinal)).Select((line) => line.Split('"')[1].Split(',')[0]);
}
