using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>unreachable-code</c>: statements that can never run.</summary>
internal sealed class UnreachableCodeRule : IGuardRule
{
    private const int MaxDepth = 8;
    private static readonly RuleCode s_code = new("UNREACHABLE_CODE", IssueSeverity.Warning);

    public static RuleDescription Description { get; } = new(
        "unreachable-code", [s_code],
        "Warns of statements behind return, throw, break or continue.",
        "Remove the statement, or what ends the block before it.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } = [NodeKind.Program, NodeKind.BlockStatement, NodeKind.SwitchCase];

    public void Visit(Node node, RuleContext context)
    {
        ImmutableArray<Statement> body = node switch
        {
            Program program => program.Body,
            BlockStatement block => block.Body,
            _ => ((SwitchCase)node).Consequent,
        };
        bool ended = false;
        foreach (Statement statement in body)
        {
            if (ended && !IsHoisted(statement))
            {
                // One report per block: the statements behind it are unreachable too.
                context.Report(this, s_code, statement, "This is never reached");
                return;
            }

            ended |= Ends(statement, MaxDepth);
        }
    }

    /// <summary>True if no statement behind this one can run. The depth is bounded, because every block asks again.</summary>
    private static bool Ends(Statement? statement, int depth) => statement switch
    {
        ReturnStatement or ThrowStatement or BreakStatement or ContinueStatement => true,
        IfStatement { Alternate: { } alternate } choice => depth > 0 && Ends(choice.Consequent, depth - 1) && Ends(alternate, depth - 1),
        BlockStatement { Body: [.., var last] } => depth > 0 && Ends(last, depth - 1),
        _ => false,
    };

    private static bool IsHoisted(Statement statement) =>
        statement is FunctionDeclaration or EmptyStatement
        || (statement is VariableDeclaration { VariableKind: VariableKind.Var } declaration && declaration.Declarations.All((one) => one.Init is null));
}
