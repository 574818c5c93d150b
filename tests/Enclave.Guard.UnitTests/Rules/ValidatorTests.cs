using System.Text;
using Enclave.Guard.Options;
using Enclave.Guard.Presets;
using Enclave.Guard.Rules;
using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Scopes;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Rules;

public sealed class ValidatorTests
{
    private static readonly ParserOptions s_parsing = GuardPolicies.For(GuardPreset.AgentScript, GuardLevel.Standard).Parsing;

    [Fact]
    public void The_first_issue_of_eval_is_the_documented_one()
    {
        ImmutableArray<GuardIssue> issues = Judged.Issues("eval('dangerous')");

        Assert.Equal("Identifier 'eval' is not allowed", issues[0].Message);
        Assert.Equal("disallowed-identifier", issues[0].Rule);
        Assert.Equal(new SourceLocation(0, 4, 1, 0, 1, 4), issues[0].Location);
        Assert.Equal("Write the code itself; text cannot be run.", issues[0].Hint);
        Assert.Contains("NO_EVAL", issues.Errors());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t ")]
    [InlineData("// nothing")]
    public void Nothing_is_a_valid_script(string code) => Assert.Empty(Judged.Issues(code, GuardLevel.Strict).Errors());

    [Fact]
    public void Issues_stand_in_the_order_of_the_text_with_their_lines()
    {
        ImmutableArray<GuardIssue> issues = Judged.Issues("const a = 1;\nreturn a.constructor;\r\nwindow;\nfoo");

        Assert.Equal(issues.OrderBy((issue) => issue.Location!.Value.Offset), issues);
        Assert.Equal([2, 2, 3, 3, 4], issues.Select((issue) => issue.Location!.Value.Line));
    }

    [Fact]
    public void Warnings_do_not_crowd_out_errors()
    {
        string code = string.Concat(Enumerable.Repeat("{ break x; 1 }\n", 300)) + "eval(1)";
        ImmutableArray<GuardIssue> issues = Judged.Issues($"x: {{ {code} }}");

        Assert.Equal(100, issues.Length);
        Assert.Contains("NO_EVAL", issues.Errors());
    }

    [Fact]
    public void There_are_as_many_issues_as_the_host_wants() =>
        Assert.Equal(3, Judged.Issues(string.Concat(Enumerable.Repeat("eval(1);", 10)), new GuardOptions { MaxIssues = 3 }).Length);

    [Theory]
    [InlineData("import x from 'y'", "There are no modules: leave it out; what the language has, and the tools, are all there is.")]
    [InlineData("import { v4 } from \"uuid\"; return 1", "There are no modules: leave it out. crypto is a global: crypto.randomUUID(), crypto.subtle.")]
    [InlineData("import fs from 'node:fs'", "There are no modules: leave it out. There are no files.")]
    [InlineData("import 'x", "There are no modules: leave it out.")]
    [InlineData("const f = (x) => { await x }", "Make the function around it async: async (x) => { … }.")]
    [InlineData("if (x) {", "The script ends too early: look for a bracket, brace or quote that is not closed.")]
    public void A_parse_error_is_an_issue_with_a_hint(string code, string hint)
    {
        GuardIssue issue = Assert.Single(Judged.Issues(code));
        Assert.Equal(("parser", "PARSE_ERROR", IssueSeverity.Error, hint), (issue.Rule, issue.Code, issue.Severity, issue.Hint));
        Assert.NotNull(issue.Location);
    }

    [Theory]
    [InlineData("return print(1)", "Use console.log.")]
    [InlineData("return consol.log(1)", "Did you mean 'console'?")]
    [InlineData("return Objct.keys({})", "Did you mean 'Object'?")]
    [InlineData("await calltool('x', {})", "Did you mean 'callTool'?")]
    [InlineData("return range(3)", "Use Array.from({ length: n }, (_, i) => i).")]
    [InlineData("for (const k in {}) {}", "Write for (const key of Object.keys(o)).")]
    [InlineData("return qzxv", "Declare it with const or let before it is used, or correct the name. Earlier scripts leave no names.")]
    public void A_hint_says_what_to_write_instead(string code, string hint) => Assert.Equal(hint, Judged.Issues(code)[0].Hint);

    [Fact]
    public void Two_hundred_template_holes_are_no_offence()
    {
        string holes = string.Concat(Enumerable.Range(0, 200).Select((i) => $"${{x + {i}}} "));

        Assert.Empty(Judged.Issues($"const x = 1; const t = `{holes}`; const o = {{ a: [{{}}] }}; return t"));
    }

    [Fact]
    public void References_are_found_without_an_index()
    {
        foreach (string code in Programs())
        {
            if (Parser.Parse(code, s_parsing) is not { Success: true, Program: var program }) continue;
            ScopeTree scopes = ScopeAnalysis.Analyze(program);
            var aliases = new Aliases(program, scopes);
            foreach (Reference reference in scopes.References) Assert.Same(scopes.ReferenceOf(reference.Identifier), aliases.ReferenceOf(reference.Identifier));
        }
    }

    [Fact]
    public void Other_names_for_variables_change_no_verdict()
    {
        foreach (string code in Programs())
        {
            if (Parser.Parse(code, s_parsing) is not { Success: true, Program: var program }) continue;
            string renamed = Renamed(code, program);
            Assert.True(
                Verdict(code).SequenceEqual(Verdict(renamed)), $"{code}\n{renamed}\n{Judged.Issues(code).Show()}\n{Judged.Issues(renamed).Show()}");
        }
    }

    public static TheoryData<string, string, string> Hostile => new()
    {
        { "chained constants", "const a0='ab';" + Repeat(3_000, (i) => $"const a{i + 1}=a{i}+a{i};"), "({})[a3000];" },
        { "keys of sums", "", "x[" + string.Join('+', Enumerable.Repeat("'a'", 900)) + "];" },
        { "one name written often", "let k='a';", "k='b';o[k];" },
        { "nested ternaries", "", "o[" + string.Concat(Enumerable.Repeat("1?'a':", 200)) + "'b'];" },
        { "arrays in arrays", "", "o[" + new string('[', 200) + "'a'" + new string(']', 200) + "];" },
        { "many unknown names", "", "consolf.log(abcdefghij);" },
        { "numbers of names", "const n0=2;" + Repeat(1_000, (i) => $"const n{i + 1}=n{i}*n{i};"), "Array(n1000);" },
        { "blocks in blocks", "", new string('{', 200) + "return;" + new string('}', 200) },
        { "a long way to a value", "const a0=Object;" + Repeat(40, (i) => $"const a{i + 1}=a{i};" + string.Concat(Enumerable.Repeat($"a{i};", 70))),
            "a31(a31);" },
        { "deep folding of what one name may be", "let k='a';k=k+k;k=[k]+k;k=`${k}`;", "o[k]();" },
        { "this in arrows", "", string.Concat(Enumerable.Repeat("()=>", 200)) + "this.x;" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_text_is_judged_with_memory_in_proportion(string name, string head, string unit)
    {
        // What only the first run allocates.
        Allocated(1_000);
        long half = Allocated(150_000), whole = Allocated(300_000);

        Assert.True(whole < half * 2.6, $"{name}: {half} bytes, then {whole} for twice the text");

        long Allocated(int length)
        {
            string code = head + string.Concat(Enumerable.Repeat(unit, length / unit.Length));
            long before = GC.GetAllocatedBytesForCurrentThread();
            Judged.Issues(code);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>The errors, without those that a name itself causes.</summary>
    private static IOrderedEnumerable<string> Verdict(string code) => Judged.Issues(code).Errors()
        .Except(["NO_CALL_TARGET_ASSIGNMENT", "RESERVED_PREFIX", "UNICODE_HOMOGLYPH", "UNICODE_ZERO_WIDTH", "UNICODE_INVISIBLE"]).Order(StringComparer.Ordinal);

    private static string Repeat(int count, Func<int, string> unit) => string.Concat(Enumerable.Range(0, count).Select(unit));

    private static IEnumerable<string> Programs() =>
        Directory.GetFiles(RuleTable.Folder, "*.txt").SelectMany((file) => RuleTable.Read(Path.GetFileNameWithoutExtension(file))).Select((row) => row.Code);

    /// <summary>The program with all its own variables renamed.</summary>
    private static string Renamed(string code, Program program)
    {
        ScopeTree scopes = ScopeAnalysis.Analyze(program);
        var names = new Dictionary<Binding, string>();
        var places = new SortedDictionary<int, (Identifier At, string Name)>();
        foreach (Binding binding in scopes.Scopes.SelectMany((scope) => scope.Bindings).Where((binding) => binding.Declaration is not null))
        {
            // The two bindings of a class have one identifier in the text.
            string name =
                binding.Kind == BindingKind.ClassName && places.TryGetValue(binding.Declaration!.Start, out var known) ? known.Name : $"renamed{names.Count}";
            names[binding] = name;
            foreach (Identifier at in binding.Declarations) places.TryAdd(at.Start, (at, name));
            foreach (Reference reference in binding.References) places.TryAdd(reference.Identifier.Start, (reference.Identifier, name));
        }

        HashSet<Node> shorthands = [.. Shorthands.In(program)];
        var text = new StringBuilder();
        int from = 0;
        foreach ((Identifier at, string name) in places.Values)
        {
            text.Append(code, from, at.Start - from).Append(shorthands.Contains(at) ? $"{at.Name}: {name}" : name);
            from = at.End;
        }

        return text.Append(code, from, code.Length - from).ToString();
    }
}
