using Enclave.Guard.Transforms;
using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Printing;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Tests.Transforms;

/// <summary>Passes each computed key that the transform left unguarded to <c>__t_free</c>.</summary>
internal sealed class FreeKeys : AstRewriter
{
    private static readonly ParserOptions s_parsing = new()
    {
        TopLevel = TopLevel.Return | TopLevel.Await,
        Edition = LanguageEdition.Latest,
        Mode = LanguageMode.Strict,
    };

    public static string Watched(string source)
    {
        ParseResult parsed = Parser.Parse(source, s_parsing);
        Assert.True(parsed.Success, $"{parsed.Error}: {source}");
        Program runs = ProgramTransform.Transform(parsed.Program, ScopeAnalysis.Analyze(parsed.Program), KeyGuard.On);
        return Printer.Print(new FreeKeys().Rewrite(runs));
    }

    protected override Node VisitMemberExpression(MemberExpression node)
    {
        var member = (MemberExpression)base.VisitMemberExpression(node);
        return member.IsComputed && !IsGuarded(member.Property)
            ? new MemberExpression(node.Start, node.End, member.Object, Watch(member.Property), true, node.IsOptional)
            : member;
    }

    protected override Node VisitObjectPattern(ObjectPattern node)
    {
        var pattern = (ObjectPattern)base.VisitObjectPattern(node);
        ImmutableArray<Node> properties = [.. pattern.Properties.Select((one) => one is Property { IsComputed: true } property && !IsGuarded(property.Key)
            ? new Property(one.Start, one.End, false, false, true, Watch(property.Key), property.Value, PropertyKind.Init)
            : one)];
        return new ObjectPattern(node.Start, node.End, properties);
    }

    private static bool IsGuarded(Expression key) => key is CallExpression { Callee: Identifier { Name: HiddenNames.Key } };

    private static CallExpression Watch(Expression key) => new(key.Start, key.End, new Identifier(key.Start, key.Start, "__t_free"), [key], false);
}
