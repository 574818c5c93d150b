using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary>One rule over a tree. Rules have no state of their own, so that all threads share them.</summary>
internal interface IGuardRule
{
    /// <summary>Its name, codes and words.</summary>
    RuleDescription About { get; }

    /// <summary>The nodes it wants to see, parents before children.</summary>
    ImmutableArray<NodeKind> Kinds { get; }

    /// <summary>Looks at a node of one of its kinds.</summary>
    void Visit(Node node, RuleContext context);

    /// <summary>Looks at the whole program, after all nodes.</summary>
    void Finish(RuleContext context) { }
}
