using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Scopes;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Scopes;

/// <summary>eslint-scope resolves every reference of many programs as we do, except for rules of the language that it does not know.</summary>
public sealed class EslintScopeTests
{
    [Fact]
    public async Task Generated_programs_resolve_alike()
    {
        EslintScope.SkipIfMissing();
        int count = TestSize.Of(1_000, 60_000);
        var programs = new List<(string Source, SourceGoal Goal)>();
        for (int seed = 0; programs.Count < count; seed++)
        {
            SourceGoal goal = seed % 4 == 0 ? SourceGoal.Module : SourceGoal.Script;
            string source = new ProgramGenerator(seed, goal).Make();
            if (Parser.Parse(source, new ParserOptions { Goal = goal }).Success) programs.Add((source, goal));
        }

        await Compare(programs);
    }

    [Fact]
    public async Task Real_programs_resolve_alike()
    {
        EslintScope.SkipIfMissing();
        string folder = Path.Combine(Repository.Root, "artifacts", "npm", "javascript-scopes", "node_modules");
        string[] files =
            [.. Directory.GetFiles(folder, "*.*s", SearchOption.AllDirectories).Where((file) => Path.GetExtension(file) is ".js" or ".mjs" or ".cjs")];
        var programs = new List<(string Source, SourceGoal Goal)>();
        foreach (string file in files)
        {
            string source = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            programs.Add((source, Parser.Parse(source).Success ? SourceGoal.Script : SourceGoal.Module));
        }

        Assert.NotEmpty(programs);
        await Compare(programs);
    }

    private static async Task Compare(List<(string Source, SourceGoal Goal)> programs)
    {
        IReadOnlyList<Dictionary<int, int[]?>?> theirs = await EslintScope.ResolveAsync(programs);
        int compared = 0;
        for (int i = 0; i < programs.Count; i++)
        {
            // A text that acorn refuses has no scopes to compare.
            if (theirs[i] is { } resolutions) compared += Compare(programs[i].Source, Resolution.Analyze(programs[i].Source, programs[i].Goal), resolutions);
        }

        Assert.True(compared > programs.Count, $"{compared} references in {programs.Count} programs");
    }

    private static int Compare(string source, ScopeTree tree, Dictionary<int, int[]?> theirs)
    {
        int[] ours = [.. tree.References.Select((reference) => reference.Identifier.Start).Order()];
        Assert.True(ours.SequenceEqual(theirs.Keys.Order()),
            $"references: {string.Join(' ', ours.Except(theirs.Keys))} only here, {string.Join(' ', theirs.Keys.Except(ours))} only there, of {Cut(source)}");
        foreach (Reference reference in tree.References)
        {
            int[]? there = theirs[reference.Identifier.Start];
            int[]? here = reference.Binding is { } binding ? [.. binding.Declarations.Select((identifier) => identifier.Start).Order()] : null;
            bool isSame = here is null ? there is null : there is not null && here.SequenceEqual(there);
            if (isSame || IsKnown(tree, reference)) continue;
            Assert.Fail($"{reference.Identifier.Name} at {reference.Identifier.Start} is {Show(here)}, there {Show(there)}, in {Cut(source)}");
        }

        return ours.Length;
    }

    /// <summary>True if the name resolves by a rule that eslint-scope does not follow.</summary>
    private static bool IsKnown(ScopeTree tree, Reference reference)
    {
        string name = reference.Identifier.Name;
        for (Scope? scope = reference.Scope; scope is not null; scope = scope.Parent)
        {
            // Annex B.3.2: a function in a block is also a variable of its function.
            if (tree.Find(name, scope) is { } hoisted
                && hoisted.Declarations.Any((identifier) => tree.DeclarationOf(identifier) != hoisted && hoisted.Kind != BindingKind.ClassName)) return true;
            // 10.2.11, step 28: a body separate from its parameters has its own variables. In eslint-scope both are one scope.
            if (scope is { Kind: ScopeKind.Function, Node: IFunction { Body: BlockStatement body } }
                && tree.ScopeOf(body) is { Kind: ScopeKind.FunctionBody } inner && tree.Find(name, inner) is not null) return true;
            // 15.7.14, steps 1 to 8: the extends clause sees the class's own name.
            if (tree.Find(name, scope) is { Kind: BindingKind.ClassName } && ((IClass)scope.Node).SuperClass is { } heritage
                && reference.Identifier.Start < heritage.End) return true;
        }

        // Annex B.3.3: a function that is a clause of an if stands in a block. eslint-scope declares it around the if.
        return tree.Scopes.Any((scope) => scope.Node is FunctionDeclaration && scope.Kind == ScopeKind.Block && tree.Find(name, scope) is not null);
    }

    private static string Show(int[]? places) => places is null ? "free" : $"[{string.Join(' ', places)}]";

    private static string Cut(string source) => source.Length > 2_000 ? source[..2_000] + "…" : source;
}
