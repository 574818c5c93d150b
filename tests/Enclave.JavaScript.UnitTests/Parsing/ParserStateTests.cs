using System.Reflection;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;
using Enclave.JavaScript.Parsing;

namespace Enclave.JavaScript.Tests.Parsing;

/// <summary>All that the parser changes while it reads is in its token, its state and its arenas, which a trial copies and puts back.</summary>
public sealed class ParserStateTests
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The text and its settings: set before the first token.</summary>
    private static readonly string[] s_given = ["Source", "Options", "Meter", "IsTyped"];

    /// <summary>Numbers of names, memory that is cleared before each use, and what trials found out: an answer is the same whatever they hold.</summary>
    private static readonly Type[] s_kept = [typeof(NameTable), typeof(CharBuffer), typeof(TrialMemory)];

    [Fact]
    public void A_trial_puts_back_every_field_that_reading_changes()
    {
        FieldInfo[] fields = [.. FieldsOf(typeof(Tokenizer)), .. FieldsOf(typeof(ProgramParser))];

        Assert.Equal(["State", "Token"], fields.Where((field) => !field.IsInitOnly && !IsGiven(field)).Select((field) => field.Name).Order());
        Assert.Equal(s_given.Order(), fields.Where(IsGiven).Select((field) => field.Name[1..field.Name.IndexOf('>')]).Order());
        Assert.All(
            fields.Where((field) => field.IsInitOnly && field.FieldType != typeof(Arena[]) && !field.FieldType.IsAssignableTo(typeof(Arena))),
            (field) => Assert.Contains(field.FieldType, s_kept));
    }

    [Fact]
    public void A_trial_cuts_every_arena()
    {
        var parser = new ProgramParser();
        FieldInfo[] fields = [.. FieldsOf(typeof(Tokenizer)), .. FieldsOf(typeof(ProgramParser))];
        var cut = (Arena[])fields.Single((field) => field.FieldType == typeof(Arena[])).GetValue(parser)!;

        object?[] arenas = [.. fields.Where((field) => field.FieldType.IsAssignableTo(typeof(Arena))).Select((field) => field.GetValue(parser))];

        Assert.Equal(arenas.ToHashSet(), cut.ToHashSet<object?>());
        Assert.Equal(ArenaLengths.Count, cut.Length);
    }

    [Theory]
    [InlineData(typeof(TokenState))]
    [InlineData(typeof(ParserState))]
    [InlineData(typeof(FunctionState))]
    public void A_copy_of_the_state_shares_nothing_that_reading_changes(Type state)
    {
        // The fields of a constructor are collected in a list of its own, which begins and ends inside of a trial or outside.
        Type[] fixedTypes = [typeof(string), typeof(ParseError), typeof(List<Identifier>), typeof(FunctionState)];

        Assert.All(
            FieldsOf(state).Where((field) => !field.IsStatic),
            (field) => Assert.True(field.FieldType.IsPrimitive || field.FieldType.IsEnum || fixedTypes.Contains(field.FieldType), field.Name));
    }

    [Fact]
    public void The_parts_of_the_parser_hold_nothing()
    {
        Type[] parts = [.. typeof(ProgramParser).Assembly.GetTypes().Where((type) => type.IsAbstract && type.IsSealed && IsParser(type))];

        Assert.Contains(typeof(Statements), parts);
        // The parser that is kept for the next text of a thread.
        Assert.Equal(
            ["t_spare"], parts.SelectMany(FieldsOf).Where((field) => !field.IsInitOnly && !field.IsLiteral).Select((field) => field.Name));
    }

    [Fact]
    public void Uses_of_private_names_are_forgotten_from_a_mark_on()
    {
        var names = new PrivateUses();
        names.Add("a", 10);
        names.Add("a", 20);
        names.Add("b", 30);

        names.CutTo(1);
        Assert.Equal(("a", 10), names.FirstUndeclared());
        names.Declare("b", 0);
        names.Declare("a", 0);

        Assert.Equal(1, names.Count);
        Assert.Null(names.FirstUndeclared());
    }

    [Fact]
    public void Exported_names_are_forgotten_from_a_mark_on()
    {
        var names = new ExportedNames();
        Assert.True(names.TryAdd("a"));
        Assert.True(names.TryAdd("b"));

        names.CutTo(1);

        Assert.False(names.TryAdd("a"));
        Assert.True(names.TryAdd("b"));
        Assert.False(names.TryAdd("b"));
    }

    [Fact]
    public void Declarations_are_forgotten_with_their_regions()
    {
        var table = new NameTable();
        (int a, int b) = (table.Find("a"), table.Find("b"));
        var names = new DeclaredNames(table);
        names.Begin(SourceGoal.Module);
        names.Open(RegionKind.Top);
        Assert.True(names.TryDeclare(a, DeclarationKind.Lexical));
        names.Open(RegionKind.Function);
        Assert.True(names.TryDeclare(a, DeclarationKind.Lexical));
        names.Open(RegionKind.Block);
        Assert.True(names.TryDeclare(b, DeclarationKind.Var));

        names.CutTo(1);

        Assert.False(names.IsDeclared(b));
        Assert.False(names.TryDeclare(a, DeclarationKind.Lexical));
        Assert.True(names.TryDeclare(b, DeclarationKind.Lexical));
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type type) => type.GetFields(Own).Where((field) => !field.IsStatic || type.IsAbstract && type.IsSealed);

    private static bool IsGiven(FieldInfo field) => s_given.Contains(field.Name.TrimStart('<').Split('>')[0]);

    private static bool IsParser(Type type) => type.Namespace is "Enclave.JavaScript.Lexing" or "Enclave.JavaScript.Parsing" && !type.Name.StartsWith('<');
}
