using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Enclave.Architecture.UnitTests.Layers;
using Enclave.Tests;

namespace Enclave.Architecture.UnitTests.Tiers;

/// <summary>A test project has one tier, by its name, and the tier's limits hold in it (CONTRIBUTING.md, "Tiers").</summary>
public sealed partial class TierTests
{
    /// <summary>Waits for a condition, with a deadline that names what was missing.</summary>
    private const string Deadline = "Enclave.Tests.Within";

    /// <summary>What <c>install_needs</c> of <c>eng/tests.sh</c> installs besides folders of npm packages.</summary>
    private static readonly string[] s_programs = ["servers", "queues", "demo-page"];

    private static readonly string s_script = File.ReadAllText(Path.Combine(Repository.Root, "eng", "tests.sh"));

    [Fact]
    public void A_project_has_one_tier_by_its_name()
    {
        Assert.Contains("Enclave.SmokeTests", TestProjects.All);
        Assert.Contains("Enclave.Architecture.UnitTests", TestProjects.All);
        Assert.DoesNotContain(TestProjects.All, (project) => !Tier().IsMatch(project));
        Assert.DoesNotContain(TestProjects.All, (project) => !File.Exists(TestProjects.ProjectFile(project)));
    }

    [Fact]
    public void A_unit_project_starts_no_process() => Assert.Throws<Win32Exception>(() => Process.Start("/bin/true"));

    /// <summary>
    /// Unit projects do not reference each other, so that each can be built alone. Those that are not built here are not read: <c>./test.sh</c> builds all of
    /// them before it runs one.
    /// </summary>
    [Fact]
    public void A_unit_project_waits_for_no_time()
    {
        string[] built = [.. TestProjects.All.Where(TestProjects.IsUnit).Select(Built).Where(File.Exists)];
        Assert.Contains(typeof(TierTests).Assembly.Location, built);
        var waits = built.SelectMany((file) => TimeWaits.In(file).Select((wait) => (Project: Path.GetFileNameWithoutExtension(file), wait.Type, wait.Call)))
            .Distinct().ToArray();
        // The reader sees what it looks for.
        Assert.Contains(("Enclave.Architecture.UnitTests", Deadline, "System.Threading.Tasks.Task.Delay"), waits);

        string[] wrong = [.. waits.Where((wait) => wait.Type != Deadline).Select((wait) => $"{wait.Project}: {wait.Type} calls {wait.Call}")];

        Assert.True(wrong.Length == 0, $"Wait for the event through Within.Deadline, or give the call the clock of the test:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void What_projects_need_is_there()
    {
        Dictionary<string, string[]> needs = Table("needs"), folders = Table("npm_folders");

        Assert.Empty(needs.Keys.Except(TestProjects.All));
        Assert.DoesNotContain(needs.Keys, (project) => TestProjects.IsUnit(project) || project == "Enclave.SmokeTests");
        Assert.Empty(needs.Values.SelectMany((list) => list).Except([.. folders.Keys, .. s_programs]));
        Assert.All(folders.Values, (folder) => Assert.True(File.Exists(Path.Combine(Repository.Root, folder.Single(), "package.json")), folder.Single()));
    }

    [Fact]
    public void A_project_needs_the_npm_packages_that_its_source_names()
    {
        Dictionary<string, string[]> needs = Table("needs");
        (string Project, string Folder)[] named =
        [
            .. (from project in TestProjects.All
                from file in TestProjects.Sources(project)
                from name in NpmFolder().Matches(SourceFiles.Text(file))
                select (project, name.Groups["folder"].Value)).Distinct(),
        ];
        Assert.Contains(("Enclave.Worker.Tests", "msgpack-interop"), named);

        string[] missing = [.. named.Where((name) => TestProjects.IsUnit(name.Project)
            || (name.Folder.Length > 0 && !needs.GetValueOrDefault(name.Project, []).Contains(name.Folder)))
            .Select((name) => $"{name.Project}: {name.Folder}")];

        Assert.True(missing.Length == 0, $"The table 'needs' of eng/tests.sh lacks, or a unit project names: {string.Join(", ", missing)}");
    }

    /// <summary>Where the build writes a project: <c>artifacts/bin/PROJECT/CONFIGURATION</c>.</summary>
    private static string Built(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, $"{project}.dll");
    }

    /// <summary>A table of the script: names, and what stands behind each.</summary>
    private static Dictionary<string, string[]> Table(string name)
    {
        string rows = s_script.Split($"declare -A {name}=(\n")[1].Split("\n)")[0];
        Dictionary<string, string[]> table = Row().Matches(rows).ToDictionary((row) => row.Groups["name"].Value, (row) => row.Groups["words"].Value.Split(' '));
        Assert.Equal(rows.Split('\n').Length, table.Count);
        return table;
    }

    [GeneratedRegex(@"^Enclave\.([A-Za-z.]+\.(Unit)?|Smoke)Tests$")]
    private static partial Regex Tier();

    [GeneratedRegex("""^  \[(?<name>[^\]]+)\]="?(?<words>[^"\n]+)"?$""", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("\"npm\"(, \"(?<folder>[a-z-]+)\")?")]
    private static partial Regex NpmFolder();
}
