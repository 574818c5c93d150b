using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Approvals;

/// <summary>A function that only <see cref="CodeApprovalClient"/> has called: the model does not see it.</summary>
internal abstract class HiddenFunction(string name) : AIFunction
{
    public override string Name => name;
}
