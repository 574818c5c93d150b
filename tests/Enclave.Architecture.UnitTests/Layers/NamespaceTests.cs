using System.Text.RegularExpressions;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>
/// A file's namespace is its project's and its folder's. Types that users name may be in the project's own namespace, those of the library in its one, whatever
/// their folder is, so that a program needs one <c>using</c>. Extension methods are in the namespace of the type that they extend.
/// </summary>
public sealed partial class NamespaceTests
{
    public static TheoryData<string> Projects => [.. SourceProjects.Compiled];

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_namespace_of_a_file_is_its_folder(string project)
    {
        string root = SourceProjects.RootNamespace(project);

        string[] wrong = [.. SourceProjects.Files(project)
            .Select((file) => (Path: Path.GetRelativePath(SourceProjects.Folder, file), Text: SourceFiles.Text(file)))
            .Where((file) => !IsAllowed(root, Folder(project, file.Path), file.Text, SourceProjects.Library.Contains(project)))
            .Select((file) => file.Path).Order(StringComparer.Ordinal)];

        Assert.True(wrong.Length == 0, $"The namespace is not the folder's in: {string.Join(", ", wrong)}");
    }

    [Theory]
    [InlineData("", "namespace Enclave.Sample;\ninternal sealed class A;", true)]
    [InlineData("Inner", "namespace Enclave.Sample.Inner;\ninternal sealed class A;", true)]
    [InlineData("Inner", "namespace Enclave.Sample;\npublic sealed class A\n{\n    private sealed class B;\n}", true)]
    [InlineData("Inner", "namespace Microsoft.Extensions.DependencyInjection;\npublic static class A;", true)]
    [InlineData("Inner", "namespace Enclave.Sample;\ninternal sealed class A;", false)]
    [InlineData("Inner", "namespace Enclave.Sample;\n[Flags]\ninternal enum A;\npublic enum B;", false)]
    [InlineData("Inner", "namespace Enclave.Sample.Other;\npublic sealed class A;", false)]
    [InlineData("Inner/Deep", "namespace Enclave.Sample.Inner;\npublic sealed class A;", false)]
    public void The_rule_knows_which_files_break_it(string folder, string text, bool allowed) =>
        Assert.Equal(allowed, IsAllowed("Enclave.Sample", folder, text, isLibrary: false));

    private static bool IsAllowed(string root, string folder, string text, bool isLibrary)
    {
        Match declared = Declared().Match(text);
        if (!declared.Success) return !HiddenType().IsMatch(text) && !PublicType().IsMatch(text);
        string own = folder.Length == 0 ? root : $"{root}.{folder.Replace('/', '.')}";
        if (declared.Groups[1].Value == own) return true;
        bool forUsers = PublicType().IsMatch(text) && !HiddenType().IsMatch(text);
        string found = declared.Groups[1].Value;
        return forUsers && (found == root || (isLibrary && found == "Enclave") || found.StartsWith("Microsoft.", StringComparison.Ordinal));
    }

    private static string Folder(string project, string file) => Path.GetDirectoryName(Path.GetRelativePath(project, file))!;

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Declared();

    [GeneratedRegex(@"^public .*\b(class|struct|record|interface|enum|delegate)\b", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^(internal|file|static|sealed|abstract|class|struct|record|interface|enum|delegate)\b", RegexOptions.Multiline)]
    private static partial Regex HiddenType();
}
