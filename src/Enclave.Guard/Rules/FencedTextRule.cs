using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>fenced-text</c>: a block in a fence of three backticks parses as a template that tags a template, twice. No engine can run that.</summary>
internal sealed class FencedTextRule : IGuardRule
{
    private static readonly RuleCode s_code = new("FENCED_TEXT");

    public static RuleDescription Description { get; } = new(
        "fenced-text", [s_code],
        "Refuses a template as the tag of a template: the fence of a code block.",
        "Leave out the fence of the code block; --from-model and ModelText.ExtractProgram do so.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } = [NodeKind.TaggedTemplateExpression];

    public void Visit(Node node, RuleContext context)
    {
        // Reports only the innermost one.
        if (node is TaggedTemplateExpression { Tag: TemplateLiteral }) context.Report(this, s_code, node, "This is a fenced block of text, not a program");
    }
}
