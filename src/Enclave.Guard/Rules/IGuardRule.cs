using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary>A rule that checks a syntax tree. Rules have no state, so all threads share them.</summary>
internal interface IGuardRule
{
    /// <summary>Its name, codes and description.</summary>
    RuleDescription About { get; }

    /// <summary>The kinds of nodes that it visits, parents before children.</summary>
    ImmutableArray<NodeKind> Kinds { get; }

    /// <summary>Checks a node of one of its kinds.</summary>
    void Visit(Node node, RuleContext context);

    /// <summary>Checks the whole program, after all nodes.</summary>
    void Finish(RuleContext context) { }
}
