using System.Collections.Immutable;
using System.Globalization;
using Enclave.Analyzers;
using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Enclave.Architecture.UnitTests.Porting;

/// <summary>A first program in the words of the JavaScript product compiles, or the compiler names the word to write.</summary>
public sealed class HabitTests
{
    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where((file) => Path.GetFileName(file) is var name && (name.StartsWith("System.", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) || name is "netstandard.dll" or "mscorlib.dll"))
            .Concat(new[] { typeof(EnclaveHost), typeof(ErrorCode), typeof(DurableRun), typeof(ModelText), typeof(GuardPreset), typeof(ScriptValue) }
                .Select((type) => type.Assembly.Location))
            .Select((file) => MetadataReference.CreateFromFile(file)),
    ];

    public static TheoryData<string> Names => [.. HabitPrograms.All.Select((habit) => habit.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_first_program_compiles_or_its_error_leads_to_the_right_word(string name)
    {
        (_, string code, string leadsTo) = HabitPrograms.All.Single((habit) => habit.Name == name);
        Document document = DocumentOf(HabitPrograms.Program(code));
        Diagnostic[] errors = await ErrorsAsync(document);
        Diagnostic[] ours = await SaidAsync(document);

        if (leadsTo == "=")
        {
            Assert.Empty(errors);
            Assert.Empty(ours);
            return;
        }

        Assert.NotEmpty(errors);
        Assert.NotEmpty(ours);
        Diagnostic said = ours[0];
        string message = said.GetMessage(CultureInfo.InvariantCulture);
        Assert.Contains("docs/porting.md", message, StringComparison.Ordinal);
        if (!said.Properties.TryGetValue(PortingAnalyzer.Fix, out string? fix))
        {
            Assert.Contains(leadsTo, message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(leadsTo, fix);
        // A fix may lead to the next one: the right name first, then its value.
        for (int round = 0; round < 6 && said is not null; round++)
        {
            document = await FixedAsync(document, said);
            said = (await SaidAsync(document)).FirstOrDefault()!;
        }

        Assert.Equal([], (await ErrorsAsync(document)).Select((error) => error.GetMessage(CultureInfo.InvariantCulture)));
        Assert.Null(said);
    }

    [Fact]
    public async Task Nothing_is_said_of_names_of_other_libraries()
    {
        const string code = """
            internal sealed class Other
            {
                public void Use(dynamic anything)
                {
                    anything.Run(); new Third().Run(); var o = new Third { Timeout = 5000 };
                }
            }

            internal sealed class Third { public int Missing; public System.TimeSpan Timeout; }
            """;

        Assert.Empty(await SaidAsync(DocumentOf(code)));
    }

    [Fact]
    public void Every_name_that_it_leads_to_is_there_and_no_name_that_it_leads_from()
    {
        Type[] types = [.. new[] { typeof(EnclaveHost), typeof(GuardPreset), typeof(ScriptValue), typeof(Runtime.RuntimeWorker), typeof(Broker.BrokerOptions) }
            .SelectMany((type) => type.Assembly.GetExportedTypes())];
        var wrong = new List<string>();
        foreach (PortedName one in PortedName.All)
        {
            Type? owner = types.FirstOrDefault((type) => type.Name == one.Owner);
            if (one.Owner.Length > 0 && owner is null) wrong.Add($"no type {one.Owner}");
            if (owner is not null && Has(owner, one.Name)) wrong.Add($"{one.Owner}.{one.Name} is there");
            if (one.Here.StartsWith("none: ", StringComparison.Ordinal)) continue;
            string[] words = one.Here.Replace("new ", "", StringComparison.Ordinal).Split('.');
            bool isThere = one.IsFix && owner is not null && words[0] != owner.Name
                ? Has(owner, words[0].TrimEnd('!'))
                : types.Any((type) => type.Name == words[0] && (words.Length == 1 || Has(type, words[1])));
            if (!isThere) wrong.Add($"{one.Owner}.{one.Name} leads to {one.Here}");
        }

        Assert.True(wrong.Count == 0, string.Join("; ", wrong));

        static bool Has(Type type, string name) =>
            type.GetMember(name).Length > 0 || type.GetInterfaces().Any((other) => other.GetMember(name).Length > 0);
    }

    [Fact]
    public void The_page_on_porting_has_the_same_table()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "porting.md"));
        IEnumerable<string> rows = PortedName.All.GroupBy((one) => (one.Owner, one.Here)).Select((group) =>
            $"| {(group.Key.Owner.Length == 0 ? "" : $"`{group.Key.Owner}`")} | {string.Join(", ", group.Select((one) => $"`{one.Name}`"))} "
                + $"| {Here(group.Key.Here)} |");
        string table = $"| of | name | here |\n|---|---|---|\n{string.Join('\n', rows)}\n";

        Assert.True(page.Contains(table, StringComparison.Ordinal), $"docs/porting.md needs this table:\n{table}");

        static string Here(string here) =>
            here.StartsWith("none: ", StringComparison.Ordinal) ? here : $"`{here.TrimEnd('!').Replace("!.", ".", StringComparison.Ordinal)}`";
    }

    private static Document DocumentOf(string code)
    {
        var workspace = new AdhocWorkspace();
        Project project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Habit", "Habit", LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable),
            metadataReferences: s_references));
        return project.AddDocument("Program.cs", SourceText.From(code));
    }

    private static async Task<Diagnostic[]> ErrorsAsync(Document document) =>
        [.. (await document.Project.GetCompilationAsync())!.GetDiagnostics().Where((one) => one.Severity == DiagnosticSeverity.Error)];

    private static async Task<Diagnostic[]> SaidAsync(Document document)
    {
        CompilationWithAnalyzers compilation = (await document.Project.GetCompilationAsync())!.WithAnalyzers([new PortingAnalyzer()]);
        return [.. await compilation.GetAnalyzerDiagnosticsAsync()];
    }

    private static async Task<Document> FixedAsync(Document document, Diagnostic said)
    {
        var actions = new List<CodeAction>();
        await new PortingFix().RegisterCodeFixesAsync(
            new CodeFixContext(document, said, (action, _) => actions.Add(action), TestContext.Current.CancellationToken));
        ImmutableArray<CodeActionOperation> steps = await Assert.Single(actions).GetOperationsAsync(TestContext.Current.CancellationToken);
        Solution changed = Assert.Single(steps.OfType<ApplyChangesOperation>()).ChangedSolution;
        return changed.GetDocument(document.Id)!;
    }
}
